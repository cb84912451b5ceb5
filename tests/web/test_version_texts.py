"""SKILL.md and other texts of a version: their links and pictures are those of that very version."""

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from skills.bundles.pictures import MOST_BYTES
from skills.catalog.models import Version
from skills.flows import access
from tests.factories import a_person, a_version, actor, an_approved, files

PNG = b"\x89PNG\r\n\x1a\n" + bytes(24)
SVG = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"
BODY = "See [guide](references/guide.md#part), [gone](x.md) and ![a shot](assets/shot.png) ![far](https://e.example/x.png)"
AT = "/@crew/greet-people/"


def content(body: str = BODY) -> dict[str, bytes]:
    return files(body=body) | {
        "references/guide.md": b"# Part\n\n[script](../scripts/run.py) ![plan](../assets/plan.svg)\n",
        "scripts/run.py": b"print(1)\n",
        "assets/shot.png": PNG,
        "assets/plan.svg": SVG,
    }


def prose(client: Client, address: str):
    return BeautifulSoup(client.get(address).content, "html.parser").select_one(".body.prose")


def test_links_and_pictures_lead_to_the_version_that_is_shown(client, owner, mate, team):
    an_approved(owner, mate, team, wanted="public", content=content())
    an_approved(owner, mate, team, number="1.1.0", wanted="public", content=content())

    for address, number in ((AT, "1.1.0"), (f"{AT}v/1.0.0/", "1.0.0")):
        text = prose(client, address)
        links = [link["href"] for link in text.p.find_all("a")]
        assert links == [f"{AT}v/{number}/files/references/guide.md#text-part"]
        assert text.img["src"] == f"{AT}v/{number}/pictures/assets/shot.png"
        assert text.img["alt"] == "a shot"
        assert client.get(links[0]).status_code == client.get(text.img["src"]).status_code == 200
        assert [one.get_text() for one in text.select(".absent")] == [
            "gone (x.md is not in this version)",
            "far",
        ]


def test_another_markdown_file_is_a_text_too_and_its_source_is_a_link_away(client, owner, mate, team):
    an_approved(owner, mate, team, wanted="public", content=content())

    text = prose(client, f"{AT}v/1.0.0/files/references/guide.md")
    source = BeautifulSoup(
        client.get(f"{AT}v/1.0.0/files/references/guide.md?plain=1").content, "html.parser"
    )

    assert text.h2["id"] == "text-part"
    assert text.p.a["href"] == f"{AT}v/1.0.0/files/scripts/run.py"
    assert text.img["src"] == f"{AT}v/1.0.0/pictures/assets/plan.svg"
    assert source.select_one("#L3")


def test_a_folder_is_the_list_of_its_files(client, owner, mate, team):
    an_approved(owner, mate, team, wanted="public", content=content())

    answer = client.get(f"{AT}v/1.0.0/files/assets/", follow=True)

    page = BeautifulSoup(answer.content, "html.parser")
    assert answer.redirect_chain == [(f"{AT}v/1.0.0/files/?in=assets", 302)]
    assert [row.get_text() for row in page.select("td a.mono")] == ["assets/plan.svg", "assets/shot.png"]


@pytest.mark.parametrize(
    ("path", "kind"), [("assets/shot.png", "image/png"), ("assets/plan.svg", "image/svg+xml")]
)
def test_a_picture_can_do_nothing_on_our_pages(path, kind, client, owner, mate, team):
    an_approved(owner, mate, team, wanted="public", content=content())

    answer = client.get(f"{AT}v/1.0.0/pictures/{path}")

    assert answer["Content-Type"] == kind
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert {"default-src 'none'", "sandbox"} <= {
        part.strip() for part in answer["Content-Security-Policy"].split(";")
    }
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
    assert answer.get("Content-Disposition", "") == (
        'attachment; filename="plan.svg"' if "svg" in path else ""
    )
    again = client.get(f"{AT}v/1.0.0/pictures/{path}", headers={"If-None-Match": answer["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_what_is_no_picture_by_its_bytes_is_not_shown_as_one(client, owner, mate, team):
    fake = {"assets/a.png": b"<script>alert(1)</script>", "assets/b.png": PNG + bytes(MOST_BYTES)}
    an_approved(owner, mate, team, wanted="public", content=files() | fake)

    for path in ("assets/a.png", "assets/b.png", "SKILL.md", "assets/none.png"):
        assert client.get(f"{AT}v/1.0.0/pictures/{path}").status_code == 404, path


def test_a_picture_is_seen_by_those_who_see_its_version(client, owner, mate, team):
    an_approved(owner, mate, team, content=content())
    a_version(owner, team, number="2.0.0", content=content("New."))
    stranger = Client()
    stranger.force_login(a_person("passer-by"))
    client.force_login(owner)

    for number in ("1.0.0", "2.0.0"):
        address = f"{AT}v/{number}/pictures/assets/shot.png"
        assert client.get(address).status_code == 200
        assert stranger.get(address).status_code == 404
        assert Client().get(address).status_code == 404


def test_a_removed_picture_is_gone(client, owner, mate, team):
    version = an_approved(owner, mate, team, wanted="public", content=content())
    access.remove(actor=actor(a_person("boss", staff=True)), version_id=version.pk, reason="It did harm.")

    assert client.get(f"{AT}v/1.0.0/pictures/assets/shot.png").status_code == 410


def test_a_text_that_was_kept_before_links_led_anywhere_is_read_again(
    client, owner, mate, team, _clean_cache
):
    version = a_version(owner, team, content=content())
    Version.objects.filter(pk=version.pk).update(rendered='<p><a href="references/guide.md">guide</a></p>')
    client.force_login(owner)

    text = prose(client, f"{AT}v/1.0.0/")

    assert text.p.a["href"] == f"{AT}v/1.0.0/files/references/guide.md#text-part"


def test_a_text_that_cannot_be_read_in_time_is_shown_as_its_source(
    client, owner, mate, team, monkeypatch, _clean_cache
):
    from skills.lib.limited import Limits
    from skills.web import rendered_text

    an_approved(owner, mate, team, wanted="public", content=content())
    monkeypatch.setattr(rendered_text, "_LIMITS", Limits(processor_seconds=5, seconds=15, answer=10))

    page = BeautifulSoup(client.get(f"{AT}v/1.0.0/files/references/guide.md").content, "html.parser")

    assert page.select_one("#L1")
