"""The versions tab: channel badges, and who is offered to take a version out of use."""

import pytest

from skills.catalog.models import Channel
from skills.web.views import skill as skill_views
from tests.factories import a_person, a_version, an_approved, join


@pytest.fixture
def version(owner, mate, team):
    return an_approved(owner, mate, team, wanted="public")


def tab(client):
    """The versions tab of the skill, with white space folded."""
    return " ".join(client.get("/@crew/greet-people/versions/").content.decode().split())


def test_channels_stand_beside_the_version_they_point_to(client, version):
    Channel.objects.create(skill=version.skill, version=version, name="stable")

    text = tab(client)

    assert '<span class="badge accent">latest</span>' in text
    assert '<span class="badge accent">stable</span>' in text


def test_a_channel_is_no_badge_of_other_versions(client, owner, mate, team, version):
    Channel.objects.create(skill=version.skill, version=version, name="stable")
    an_approved(owner, mate, team, number="2.0.0", wanted="public")

    text = tab(client)

    assert text.count('<span class="badge accent">stable</span>') == 1
    assert text.index(">2.0.0<") < text.index('<span class="badge accent">stable</span>')


def test_readers_and_members_are_not_offered_to_yank(client, team, version):
    member = a_person("member")
    join(team, member, "member")

    assert "out of use" not in tab(client)
    client.force_login(member)
    assert "out of use" not in tab(client)


def test_an_admin_yanks_but_does_not_remove(client, owner, version):
    client.force_login(owner)

    text = tab(client)

    assert "Yank 1.0.0" in text
    assert "Remove 1.0.0" not in text


def test_an_admin_puts_a_yanked_version_back_and_reads_why_it_was_yanked(client, owner, version):
    version.state, version.reason = "yanked", "It greets the wrong people."
    version.save(update_fields=["state", "reason"])
    client.force_login(owner)

    text = tab(client)

    assert "Put 1.0.0 back" in text
    assert "It greets the wrong people." in text
    assert "Yank 1.0.0" not in text


def test_staff_may_remove_even_what_is_still_in_review(client, owner, team):
    a_version(owner, team)
    owner.is_staff = True
    owner.save()
    client.force_login(owner)

    text = tab(client)

    assert "Remove 1.0.0" in text
    assert "Yank 1.0.0" not in text


def test_a_long_list_comes_in_pages_and_every_version_once(client, owner, mate, team, monkeypatch):
    monkeypatch.setattr(skill_views, "_VERSIONS", 2)
    for number in ("1.0.0", "1.1.0", "1.2.0"):
        an_approved(owner, mate, team, number=number, wanted="public")
    address = "/@crew/greet-people/versions/"

    first = client.get(address)
    second = client.get(address, {"cursor": first.context["next"]})

    assert [row.version.number for row in first.context["rows"]] == ["1.2.0", "1.1.0"]
    assert b"Next page" in first.content
    assert [row.version.number for row in second.context["rows"]] == ["1.0.0"]
    assert b"Next page" not in second.content


def test_a_cursor_of_another_list_is_refused(client, version):
    assert client.get("/@crew/greet-people/versions/", {"cursor": "abc"}).status_code == 400
