"""The predicate and the function agree on every kind of reader, state and visibility."""

import itertools
import re

import pytest

from skills.catalog.models import State, Version, Visibility
from skills.catalog.selectors import find_skill, versions_of
from skills.catalog.visibility import can_read_version, is_wider, readable_versions
from skills.lib.errors import Missing
from skills.people.actor import VISITOR, Actor
from skills.search.query import search
from tests.catalog.test_states import RELEASED, force
from tests.factories import a_person, a_version, actor, an_approved

READERS = ("visitor", "stranger", "member", "author", "staff", "auditor", "token without admin")


def readers(owner, mate, stranger) -> dict[str, Actor]:
    staff = actor(a_person("boss", staff=True))
    return {
        "visitor": VISITOR,
        "stranger": actor(stranger),
        "member": actor(mate),
        "author": actor(owner),
        "staff": staff,
        "auditor": actor(a_person("checker", auditor=True)),
        "token without admin": Actor(staff.account, {}, frozenset({"read"})),
    }


CASES = [*((state, state in RELEASED) for state in State.values), (State.REMOVED, False)]


@pytest.mark.parametrize(("case", "visibility"), list(itertools.product(CASES, Visibility.values)))
def test_predicate_and_function_agree(case, visibility, owner, mate, stranger, team):
    state, released = case
    version = a_version(owner, team)
    force(version, state, was_approved=released)
    version.skill.visibility = visibility
    version.skill.published = True  # by another version, where not by this one
    version.skill.save()

    seen = {
        name: Version.objects.filter(readable_versions(reader), pk=version.pk).exists()
        for name, reader in readers(owner, mate, stranger).items()
    }

    assert seen == {
        name: can_read_version(reader, version)
        for name, reader in readers_again(owner, mate, stranger).items()
    }
    assert seen["visitor"] == (released and visibility == "public")
    assert seen["stranger"] == seen["token without admin"] == (released and visibility != "team")
    assert all(seen[name] for name in ("member", "author", "staff", "auditor"))


def readers_again(owner, mate, stranger):
    from skills.people.models import Account

    staff, auditor = Account.objects.get(username="boss"), Account.objects.get(username="checker")
    return {
        "visitor": VISITOR,
        "stranger": actor(stranger),
        "member": actor(mate),
        "author": actor(owner),
        "staff": actor(staff),
        "auditor": actor(auditor),
        "token without admin": Actor(staff, {}, frozenset({"read"})),
    }


def test_a_closed_instance_shows_visitors_nothing(settings, owner, mate, team):
    an_approved(owner, mate, team, wanted="public")
    assert search(VISITOR, "").total == 1

    settings.ANONYMOUS_READ = False

    assert search(VISITOR, "").total == 0
    with pytest.raises(Missing):
        find_skill(VISITOR, "crew", "greet-people")


def test_a_pending_upload_changes_nothing_that_is_public(owner, mate, team):
    first = an_approved(owner, mate, team, wanted="public", description="What it did before.")

    a_version(owner, team, number="2.0.0", wanted="public", description="What it will do.")

    skill = find_skill(VISITOR, "crew", "greet-people")
    assert (skill.description, skill.shown.number) == ("What it did before.", first.number)
    assert [version.number for version in versions_of(VISITOR, skill)] == ["1.0.0"]
    assert search(VISITOR, "will").total == 0


def test_two_worlds_look_the_same_to_a_stranger(owner, mate, stranger, team, client):
    an_approved(owner, mate, team, "open-skill", wanted="public")
    addresses = [
        "/",
        "/?q=secret",
        "/?q=skil",
        "/api/v1/search?q=secret",
        "/api/v1/search?q=skil",
        "/api/v1/skills",
        "/@crew/",
        "/api/v1/skills/crew/secret-skill",
        "/@crew/secret-skill/",
    ]

    def world() -> list[bytes]:
        pages = (client.get(address).content for address in addresses)
        return [re.sub(rb'X-CSRFToken": "[^"]*', b"", page) for page in pages]

    without = world()
    an_approved(owner, mate, team, "secret-skill", wanted="team", description="Nobody else knows skilfully.")

    assert world() == without


@pytest.mark.parametrize(("new", "old"), list(itertools.product(Visibility.values, repeat=2)))
def test_each_visibility_is_wider_than_the_one_before(new, old):
    order = ["team", "internal", "public"]

    assert is_wider(new, old) is (order.index(new) > order.index(old))
