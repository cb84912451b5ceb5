"""Sources are added, changed and removed by admins, whose word they are; their secrets are written only."""

import pytest

from skills.audit.models import Event
from skills.lib.errors import Conflict, Forbidden, Refused
from skills.people.actor import actor_for_token
from skills.people.tokens import create_token
from skills.sources.configure import add_source, change_source, remove_source
from skills.sources.credentials import decrypt_credential
from skills.sources.models import Source
from tests.factories import actor
from tests.factories import join as join_team
from tests.sources.making import URL, a_source, facts_of


def test_a_token_is_encrypted_and_in_no_record(owner, team):
    source = a_source(owner, team, token="glpat-very-secret")

    kept = Source.objects.get(pk=source.pk).token
    assert b"very-secret" not in bytes(kept)
    assert decrypt_credential(kept) == "glpat-very-secret"
    event = Event.objects.get(act="source.add")
    assert "very-secret" not in str(event.detail)
    assert event.detail["has_token"] is True


def test_only_admins_of_the_team_add_one(team, mate):
    with pytest.raises(Forbidden):
        add_source(actor=actor(mate), team=team, facts=facts_of())


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"kind": "ftp"}, "bad_source"),
        ({"minutes": 7}, "bad_source"),
        ({"visibility": "world"}, "bad_visibility"),
        ({"names": ["pdf"]}, "bad_source"),
        ({"kind": "clawhub"}, "bad_source"),
        ({"kind": "clawhub", "names": ["x" * 129]}, "bad_source"),
        ({"kind": "clawhub", "names": ["pdf\x00"]}, "bad_source"),
        ({"kind": "index", "ref": "main"}, "bad_source"),
        ({"kind": "skillhub", "folder": "skills"}, "bad_source"),
        ({"url": "https://git.example.org/\ud800"}, "bad_source"),
        ({"url": "http://git.example.org/a"}, "source_address"),
        ({"url": "https://user:word@git.example.org/a"}, "source_address"),
        ({"url": "file:///etc"}, "source_address"),
        ({"url": "ext::sh -c id"}, "source_address"),
        ({"ref": "--upload-pack=x"}, "source_ref"),
        ({"folder": "../etc"}, "source_folder"),
    ],
)
def test_what_cannot_be_a_source_is_refused(owner, team, facts, code):
    with pytest.raises(Refused) as refused:
        a_source(owner, team, **facts)

    assert [problem.code for problem in refused.value.problems] == [code]
    assert not Source.objects.exists()


def test_the_same_place_twice_is_refused(owner, team):
    a_source(owner, team)

    with pytest.raises(Conflict, match="already"):
        a_source(owner, team)


@pytest.mark.parametrize(
    "folders", [("", "skills"), ("skills/public", "skills"), ("skills", "skills/public")]
)
def test_two_that_would_bring_the_same_skills_are_refused(owner, team, folders):
    a_source(owner, team, folder=folders[0], ref="v1")

    with pytest.raises(Conflict, match="already"):
        a_source(owner, team, folder=folders[1], ref="v2")


def test_two_folders_of_one_repository_are_two_sources(owner, team):
    a_source(owner, team, folder="skills")
    a_source(owner, team, folder="skills-more")

    assert Source.objects.count() == 2


def test_a_token_goes_to_no_other_server_unasked(owner, team):
    source = a_source(owner, team, token="secret-token")

    with pytest.raises(Refused, match="needs the token again"):
        change_source(actor=actor(owner), source=source, facts=facts_of(url="https://evil.example.org/a"))


def test_a_token_stays_when_the_rest_is_changed_and_is_forgotten_on_demand(owner, team):
    source = a_source(owner, team, token="secret-token")

    kept = change_source(actor=actor(owner), source=source, facts=facts_of(minutes=60))
    forgotten = change_source(actor=actor(owner), source=source, facts=facts_of(), token="")

    assert (kept.has_token, forgotten.has_token) == (True, False)


def test_whoever_changes_where_it_fetches_from_answers_as_well(owner, team, stranger):
    join_team(team, stranger, "admin")
    source = a_source(owner, team)

    changed = change_source(actor=actor(stranger), source=source, facts=facts_of(ref="next"))

    assert changed.responsible == stranger
    assert changed.answerable == sorted([owner.pk, stranger.pk])


def test_whoever_changes_the_schedule_alone_does_not(owner, team, stranger):
    join_team(team, stranger, "admin")
    source = a_source(owner, team)

    changed = change_source(actor=actor(stranger), source=source, facts=facts_of(minutes=60))

    assert (changed.responsible, changed.answerable) == (owner, [owner.pk])


def test_a_source_is_removed_with_its_secrets(owner, team):
    remove_source(actor=actor(owner), source=a_source(owner, team, token="secret-token"))

    assert not Source.objects.exists()
    assert Event.objects.get(act="source.remove").detail["url"] == URL


@pytest.mark.parametrize(
    ("scopes", "facts"),
    [(["read", "admin"], {}), (["read", "admin", "publish"], {"approves": True})],
)
def test_a_token_gives_a_source_no_more_than_it_has(owner, team, scopes, facts):
    limited = actor_for_token(create_token(actor=actor(owner), owner=owner, name="t", scopes=scopes)[0])

    with pytest.raises(Forbidden):
        add_source(actor=limited, team=team, facts=facts_of(**facts))


def test_whoever_has_it_approve_at_once_answers_for_it(owner, team, stranger):
    source = a_source(owner, team)
    join_team(team, stranger, "admin")

    changed = change_source(actor=actor(stranger), source=source, facts=facts_of(approves=True))

    assert changed.responsible == stranger
    assert changed.answerable == sorted([owner.pk, stranger.pk])


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({}, {"url": "https://git.example.org/acme/skills", "ref": "v2"}),
        ({}, {"url": "https://GIT.example.org/acme/skills.git"}),
        ({}, {"url": f"{URL}/"}),
        (
            {"kind": "skillhub", "url": "https://hub.example.org", "names": ["crew"]},
            {"kind": "skillhub", "url": "https://hub.example.org/", "names": ["crew/x"]},
        ),
    ],
)
def test_the_same_place_in_another_spelling_is_refused(owner, team, first, second):
    a_source(owner, team, **first)

    with pytest.raises(Conflict):
        a_source(owner, team, **second)
