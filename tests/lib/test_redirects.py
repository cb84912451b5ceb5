"""Redirect addresses, read again by a parser that follows the WHATWG standard, as browsers do."""

import ada_url
import pytest
from hypothesis import given
from hypothesis import strategies as st

from skills.lib.redirects import is_local, loopback_listener

HUB = "https://hub.example/cli/auth"
OURS = {"127.0.0.1", "localhost", "[::1]"}
ELSEWHERE = [
    "http://evil.example\\@127.0.0.1:5555/",
    "http://evil.example\\@127.0.0.1/",
    "http:\\\\evil.example:5555/",
    "http:/evil.example:5555/",
    "http:evil.example:5555/",
    "http:///evil.example:5555/",
    "http://evil.example:5555\\127.0.0.1/",
    "http://evil.example:5555#@127.0.0.1:5555/",
    "http://evil.example:5555?@127.0.0.1:5555/",
    "http://evil.example:5555/@127.0.0.1:5555/",
    "http://127.0.0.1:5555@evil.example/",
    "http://127.0.0.1:5555\\@evil.example/",
    "http://127.0.0.1@evil.example:5555/",
    "http://localhost:5555@evil.example:80/",
    "http://user:secret@127.0.0.1:5555/",
    "http://127.0.0.1.evil.example:5555/",
    "http://localhost.evil.example:5555/",
    "http://localhost.:5555/",
    "http://127.0.0.1%2eevil.example:5555/",
    "http://127.0.0.1%00.evil.example:5555/",
    "http://127.0.0.1\t.evil.example:5555/",
    "http://127.0.0.1\n.evil.example:5555/",
    "http://127.0.0.1 .evil.example:5555/",
    "\thttp://127.0.0.1:5555/",
    " http://127.0.0.1:5555/",
    "ht\ntp://127.0.0.1:5555/",
    "http://127.0.0.1:5555/\n",
    "http://127.0.0.1:5555/\r\nLocation: http://evil.example/",
    "http://127.0.0.1:5555/cb ",
    "http://127.0.0.1:5555\n",
    "HTTP://127.0.0.1:5555/",
    "http://LOCALHOST:5555/",
    "http://ⓛocalhost:5555/",
    "http://１27.0.0.1:5555/",
    "http://127。0。0。1:5555/",
    "http://127.1:5555/",
    "http://2130706433:5555/",
    "http://0x7f000001:5555/",
    "http://0177.0.0.1:5555/",
    "http://127.0.0.1.:5555/",
    "http://127.0.0.2:5555/",
    "http://0.0.0.0:5555/",
    "http://0:5555/",
    "http://[::]:5555/",
    "http://[0:0:0:0:0:0:0:1]:5555/",
    "http://[::ffff:127.0.0.1]:5555/",
    "http://[::1%25lo]:5555/",
    "http://[::1]evil.example:5555/",
    "http://::1:5555/",
    "http://[127.0.0.1]:5555/",
    "http://169.254.169.254:80/",
    "http://10.0.0.1:5555/",
    "http://hub.example:5555/",
    "http://127.0.0.1/",
    "http://127.0.0.1:/",
    "http://127.0.0.1:0/",
    "http://127.0.0.1:05555/",
    "http://127.0.0.1:65536/",
    "http://127.0.0.1:99999999/",
    "http://127.0.0.1:+5555/",
    "http://127.0.0.1:-1/",
    "http://127.0.0.1:٥٥٥٥/",
    "http://127.0.0.1:5555:80/",
    "http://127.0.0.1:5555evil.example/",
    "http://127.0.0.1:5555.evil.example/",
    "http://127.0.0.1:5555/cb?next=http://evil.example/",
    "http://127.0.0.1:5555/cb#token=mine",
    "http://127.0.0.1:5555/cb;a",
    "http://127.0.0.1:5555/%2f%2fevil.example",
    "http://127.0.0.1:5555/<script>",
    'http://127.0.0.1:5555/"onclick=alert(1)',
    "http://127.0.0.1:5555/\\evil.example",
    "https://127.0.0.1:5555/",
    "ftp://127.0.0.1:5555/",
    "ws://127.0.0.1:5555/",
    "file://127.0.0.1:5555/etc/passwd",
    "javascript:alert(1)",
    "javascript://127.0.0.1:5555/%0aalert(1)",
    "data:text/html,http://127.0.0.1:5555/",
    "vbscript:http://127.0.0.1:5555/",
    "blob:http://127.0.0.1:5555/",
    "view-source:http://127.0.0.1:5555/",
    "//127.0.0.1:5555/",
    "//evil.example:5555/",
    "\\\\evil.example:5555/",
    "/\\evil.example:5555/",
    "/cb",
    "127.0.0.1:5555/cb",
    "localhost:5555",
    "http",
    "http://",
    "",
]
LISTENERS = [
    "http://127.0.0.1:5555",
    "http://127.0.0.1:5555/",
    "http://127.0.0.1:1/cb",
    "http://localhost:65535/callback/of/a-cli_1.0~x",
    "http://[::1]:40123/cb",
]
NOT_OURS = [
    "",
    "teams/",
    "//evil.example",
    "///evil.example",
    "////evil.example",
    "/\\evil.example",
    "\\/evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "/\r/evil.example",
    "\t//evil.example",
    " //evil.example",
    "/ok\\..\\\\evil.example",
    "/ok\r\nSet-Cookie: a=b",
    "/ok\x00",
    "/ok ",
    "/ö",
    "http://evil.example/",
    "http:evil.example",
    "https:///evil.example",
    "http://127.0.0.1:9/",
    "javascript:alert(1)",
    "mailto:a@evil.example",
    "?next=//evil.example",
    "#//evil.example",
    ".//evil.example",
    "@evil.example",
    "/" + "a" * 5000,
]
OUR_PATHS = [
    "/",
    "/teams/",
    "/reviews/1/?tab=files#line-2",
    "/@crew/-/members/",
    "/?q=a%20b&next=//evil.example",
]
# What addresses are made of, and what parsers read in two ways.
PIECES = st.sampled_from(
    [
        *"/\\@:?#%[]. \t\n\r0x;&",
        "http:",
        "//",
        "127.0.0.1",
        "localhost",
        "[::1]",
        ":5555",
        "evil.example",
        "cb",
    ]
)
PUZZLES = st.lists(PIECES, max_size=9).map("".join)


def leads_to_us(link: str) -> bool:
    address = ada_url.URL(link, base=HUB)
    return address.protocol == "http:" and address.hostname in OURS and not address.username


@pytest.mark.parametrize("text", ELSEWHERE)
def test_a_cli_is_answered_at_no_other_address(text):
    assert loopback_listener(text) is None


@pytest.mark.parametrize("text", LISTENERS)
def test_a_cli_that_listens_here_is_answered_where_it_listens(text):
    listener = loopback_listener(text)

    read = ada_url.URL(listener.link("token=skh_x"))
    assert leads_to_us(listener.link("token=skh_x"))
    assert read.origin == ada_url.URL(text).origin and read.hash == "#token=skh_x"
    assert listener.address == text


@given(PUZZLES | st.text(max_size=40) | PUZZLES.map(lambda rest: f"http://127.0.0.1:5555{rest}"))
def test_whatever_is_answered_is_this_machine_to_a_browser_too(text):
    listener = loopback_listener(text)

    assert listener is None or leads_to_us(listener.link("token=skh_x"))


@pytest.mark.parametrize("text", NOT_OURS)
def test_no_form_leads_elsewhere(text):
    assert not is_local(text)


@pytest.mark.parametrize("text", OUR_PATHS)
def test_a_form_leads_to_a_page_of_ours(text):
    assert is_local(text)


@given(PUZZLES | st.text(max_size=40) | PUZZLES.map(lambda rest: f"/{rest}"))
def test_whatever_counts_as_a_path_of_ours_is_one_to_a_browser_too(text):
    assert not is_local(text) or ada_url.URL(text, base=HUB).origin == "https://hub.example"
