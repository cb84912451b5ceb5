"""What is hidden in a text is shown on every page that shows the text, and what a form sends back stays."""

import pytest
from django.http import HttpResponse, StreamingHttpResponse
from django.test import RequestFactory

from skills.flows import access, release, remarks
from skills.http.revealed_pages import RevealMiddleware
from skills.people import teams
from tests.factories import actor, an_approved, an_upload, skill_md

HIDDEN = "pass\u3164word"
SHOWN = "pass⟨U+3164⟩word"
LETTERS = [
    "\ufe00",
    "\U000e0150",
    "\u3164",
    "\u115f",
    "\u1160",
    "\uffa0",
    "\u2800",
    "\u200b",
    "\u202e",
    "\u2066",
]


def answered(response):
    return RevealMiddleware(lambda _: response)(RequestFactory().get("/"))


def page_of(html):
    return answered(HttpResponse(html)).content.decode()


@pytest.mark.parametrize("letter", LETTERS)
def test_an_invisible_letter_is_written_out(letter):
    assert page_of(f"<p title='{letter}'>a{letter}b</p>").count(f"⟨U+{ord(letter):04X}⟩") == 2


def test_a_look_alike_word_says_what_it_looks_like():
    assert (
        page_of("<p>p\u0430ypal ｃｕｒｌ</p>")
        == "<p>p\u0430ypal⟨U+0430 = paypal⟩ ｃｕｒｌ⟨U+FF43 = curl⟩</p>"
    )


@pytest.mark.parametrize("text", ["☀️ 👩‍💻 🏴󠁧󠁢󠁥󠁮󠁧󠁿", "안녕하세요", "שלום", "مرحبا", "नमस्ते", "<b>plain</b>\n"])
def test_honest_text_stays(text):
    assert page_of(text) == text


@pytest.mark.parametrize(
    "html",
    [
        f'<textarea name="a">{HIDDEN}</textarea>',
        f'<input value="{HIDDEN}">',
        f'<option value="{HIDDEN}">',
        f'<button value="{HIDDEN}">',
    ],
)
def test_what_a_form_sends_back_stays(html):
    assert page_of(html) == html


def test_the_length_that_an_answer_names_is_that_of_what_is_sent():
    response = answered(HttpResponse(f"<p>{HIDDEN}</p>", headers={"Content-Length": "3"}))

    assert response.headers["Content-Length"] == str(len(response.content))


@pytest.mark.parametrize("kind", ["text/plain; charset=utf-8", "application/json", "application/zip"])
def test_what_is_no_page_stays(kind):
    assert answered(HttpResponse(HIDDEN, content_type=kind)).content.decode() == HIDDEN


def test_a_stream_stays():
    response = answered(StreamingHttpResponse([HIDDEN]))

    assert b"".join(response.streaming_content).decode() == HIDDEN


def test_comments_changelogs_names_and_descriptions_are_revealed(client, owner, mate, team):
    content = {"SKILL.md": skill_md(description=f"Says {HIDDEN} to people.").encode()}
    upload = an_upload(owner, content)
    version, _ = release.submit(
        actor=actor(owner), team=team, upload=upload, number="1.0.0", changelog=f"Changes {HIDDEN}."
    )
    release.scanned(version_id=version.pk)
    remarks.remark(actor=actor(mate), version=version, body=f"Look at {HIDDEN}.")
    teams.change_team(actor=actor(owner), team=team, name=f"Crew {HIDDEN}", description=f"About {HIDDEN}.")
    client.force_login(owner)

    pages = {
        f"/reviews/{version.pk}/?tab=talk": [f"Look at {SHOWN}.", f"Changes {SHOWN}."],
        f"/reviews/{version.pk}/?tab=changes": [f"Says {SHOWN} to people."],
        f"/reviews/{version.pk}/?tab=files": [f"Says {SHOWN} to people."],
        "/@crew/greet-people/": [f"Says {SHOWN} to people."],
        "/@crew/": [f"Crew {SHOWN}", f"About {SHOWN}."],
        "/audit/?team=crew": [f"Crew {SHOWN}"],
    }

    for address, texts in pages.items():
        page = client.get(address).content.decode()
        assert HIDDEN not in page, address
        for text in texts:
            assert text in page, (address, text)


def test_notices_and_reasons_are_revealed(client, owner, mate, team):
    version = an_approved(owner, mate, team)
    access.yank(actor=actor(owner), version_id=version.pk, reason=f"Because {HIDDEN}.")
    client.force_login(mate)

    page = client.get("/@crew/greet-people/versions/").content.decode()

    assert f"Because {SHOWN}." in page
    assert HIDDEN not in page
