"""A multipart publish as the `clawhub` CLI sends it, and bodies that are none."""

import json

import pytest
from django.test import RequestFactory

from skills.bundles.limits import BundleLimits
from skills.lib.errors import Refused
from skills.protocols.clawhub.multipart import parts_of

BOUNDARY = "----a1"
KIND = f"multipart/form-data; boundary={BOUNDARY}"
PAYLOAD = b'Content-Disposition: form-data; name="payload"\r\n\r\n{"slug": "tea"}\r\n'


def a_file(path: str, content: bytes = b"text") -> bytes:
    head = (
        f'Content-Disposition: form-data; name="files"; filename="{path}"\r\nContent-Type: text/plain\r\n\r\n'
    )
    return head.encode() + content + b"\r\n"


def a_form(*parts: bytes) -> bytes:
    mark = f"--{BOUNDARY}".encode()
    return b"".join(mark + b"\r\n" + part for part in parts) + mark + b"--\r\n"


def parse(body: bytes, kind: str = KIND, **limits: int):
    return parts_of(RequestFactory().post("/", body, content_type=kind), BundleLimits(**limits))


def test_files_keep_their_whole_paths_and_their_exact_bytes():
    content = {"SKILL.md": b"# a\r\nb\n", "docs/Ärger.md": b"", "a/b/c.bin": bytes(range(256)) * 9_000}

    payload, files = parse(a_form(PAYLOAD, *(a_file(*item) for item in content.items())))

    assert payload == {"slug": "tea"}
    assert files == content


def test_the_payload_may_be_sent_as_a_file():
    part = (
        b'Content-Disposition: form-data; name="payload"; filename="p.json"\r\n\r\n'
        + json.dumps({"a": 1}).encode()
    )

    payload, _ = parse(a_form(part + b"\r\n", a_file("SKILL.md")))

    assert payload == {"a": 1}


@pytest.mark.parametrize(
    ("body", "kind", "limits", "code"),
    [
        (a_form(PAYLOAD, a_file("a"), a_file("a")), KIND, {}, "duplicate_file"),
        (a_form(PAYLOAD, a_file("a"), a_file("b")), KIND, {"files": 1}, "too_many_files"),
        (a_form(PAYLOAD, a_file("a")), KIND, {"unpacked": 50}, "too_large"),
        (a_form(PAYLOAD), KIND, {}, "bad_parameter"),
        (a_form(a_file("a")), KIND, {}, "bad_parameter"),
        (a_form(PAYLOAD.replace(b"}", b""), a_file("a")), KIND, {}, "bad_json"),
        (a_form(PAYLOAD, a_file("a"))[:-40], KIND, {}, "bad_parameter"),
        (a_form(PAYLOAD, a_file("X").replace(b"X", b"\xff")), KIND, {}, "bad_parameter"),
        (b"garbage", KIND, {}, "bad_parameter"),
        (b"", KIND, {}, "bad_parameter"),
        (b"x", "multipart/form-data", {}, "bad_parameter"),
    ],
)
def test_other_bodies_are_refused(body, kind, limits, code):
    with pytest.raises(Refused) as refused:
        parse(body, kind, **limits)

    assert refused.value.problems[0].code == code
