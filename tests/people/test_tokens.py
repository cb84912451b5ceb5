"""Tokens: made within the rights of whoever makes them, shown once, found while they live."""

from datetime import timedelta
from string import ascii_letters, digits

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skills.audit.models import Event
from skills.lib.clock import now
from skills.lib.errors import Forbidden, Missing, Refused, Unauthenticated
from skills.people import teams
from skills.people.actor import VISITOR, Actor, actor_for_token
from skills.people.models import Account, Token
from skills.people.tokens import (
    MOST_DAYS,
    PREFIX,
    create_token,
    find_token,
    hashed,
    new_secret,
    revoke_token,
    well_formed,
)
from tests.factories import a_person, a_team, actor


def make(by: Account, owner: Account | None = None, **more) -> tuple[Token, str]:
    values = {"name": "laptop", "scopes": ["read"]} | more
    return create_token(actor=actor(by), owner=owner or by, **values)


@pytest.fixture
def service(owner, team) -> Account:
    return teams.create_service(actor=actor(owner), team=team, handle="crew-ci")


def test_two_secrets_are_never_the_same():
    assert len({new_secret() for _ in range(100)}) == 100


def test_a_new_secret_is_well_formed_and_says_what_it_is():
    secret = new_secret()

    assert secret.startswith("skh_")
    assert well_formed(secret)
    assert len(secret) == len(PREFIX) + 43 + 8


@given(st.integers(min_value=4, max_value=54), st.sampled_from(ascii_letters + digits))
def test_one_wrong_character_is_noticed(place, letter):
    secret = new_secret()
    mistyped = secret[:place] + letter + secret[place + 1 :]

    assert well_formed(mistyped) is (mistyped == secret)


@pytest.mark.parametrize("text", ["", "skh_", "skh_00000000", "skh_12345678", "ghp_" + "x" * 51, "ü" * 55])
def test_what_is_no_secret_of_ours_is_not_well_formed(text):
    assert not well_formed(text)


def test_a_token_lives_for_ninety_days_unless_told(owner):
    token, _ = make(owner)

    assert token.expires_at - token.created_at == timedelta(days=90)
    assert token.is_live


@pytest.mark.parametrize("days", [1, MOST_DAYS])
def test_a_token_may_live_from_a_day_to_a_year(days, owner):
    token, _ = make(owner, days=days)

    assert token.expires_at - token.created_at == timedelta(days=days)


@pytest.mark.parametrize("days", [-1, 0, MOST_DAYS + 1])
def test_a_token_lives_neither_for_no_day_nor_for_ever(days, owner):
    with pytest.raises(Refused, match="1 to 366 days"):
        make(owner, days=days)

    assert not Token.objects.exists()


@pytest.mark.parametrize(
    "values",
    [{"name": ""}, {"name": "  "}, {"scopes": []}, {"scopes": ["read", "fly"]}, {"scopes": ["READ"]}],
)
def test_a_token_needs_a_name_and_known_scopes(values, owner):
    with pytest.raises(Refused) as refusal:
        make(owner, **values)

    assert refusal.value.problems[0].code == "bad_token"
    assert not Token.objects.exists()


def test_scopes_are_kept_once_and_in_order(owner):
    token, _ = make(owner, scopes=["read", "publish", "read", "admin"])

    assert token.scopes == ["admin", "publish", "read"]


@pytest.mark.parametrize(("name", "kept"), [("  laptop ", "laptop"), ("x" * 81, "x" * 80)])
def test_a_name_is_trimmed_to_its_column(name, kept, owner):
    token, _ = make(owner, name=name)

    assert token.name == kept


def test_the_hint_is_the_beginning_of_the_secret_and_no_more(owner):
    token, secret = make(owner)

    assert token.hint == secret[:8]
    assert token.secret_hash == hashed(secret)


def test_a_new_token_is_recorded_without_its_secret(owner):
    token, secret = make(owner, scopes=["read", "publish"])

    row = Event.objects.get(act="token.create")
    assert (row.actor_name, row.target, row.team_id) == ("owner", "owner", None)
    assert row.detail == {
        "token": token.pk,
        "name": "laptop",
        "in_address": False,
        "scopes": ["publish", "read"],
        "teams": [],
        "expires": token.expires_at.isoformat(),
    }
    assert secret not in str(row.__dict__)
    assert token.secret_hash not in str(row.__dict__)


def test_a_visitor_makes_no_token(owner):
    with pytest.raises(Unauthenticated):
        create_token(actor=VISITOR, owner=owner, name="x", scopes=["read"])


def test_a_token_without_the_admin_scope_makes_no_token(owner):
    weak = Actor(owner, {}, frozenset({"read", "publish", "review"}))

    with pytest.raises(Forbidden, match="scope `admin`"):
        create_token(actor=weak, owner=owner, name="x", scopes=["read"])


@pytest.mark.parametrize("office", ["none", "staff"])
def test_nobody_makes_a_token_for_another_person(office, owner):
    other = a_person("other", staff=office == "staff")

    with pytest.raises(Missing):
        make(other, owner)

    assert not Token.objects.exists()


def test_an_address_holds_a_token_that_only_reads(owner):
    token, _ = make(owner, in_address=True)

    assert token.in_address
    assert Event.objects.get(act="token.create").detail["in_address"] is True


@pytest.mark.parametrize("scopes", [["read", "publish"], ["admin"]])
def test_an_address_holds_no_stronger_token(scopes, owner):
    with pytest.raises(Refused, match="may read only") as refusal:
        make(owner, scopes=scopes, in_address=True)

    assert refusal.value.problems[0].remedy == "Choose the scope read."
    assert not Token.objects.exists()


def test_a_token_is_limited_to_teams_of_its_maker_only(owner, team):
    foreign = a_team("foreign", admin=a_person("other"))

    with pytest.raises(Missing):
        make(owner, teams=[team, foreign])

    assert not Token.objects.exists()


def test_a_limited_token_keeps_its_teams(owner, team):
    token, _ = make(owner, teams=[team])

    assert list(token.teams.all()) == [team]


def test_a_token_limited_to_one_team_makes_none_for_another(owner, team):
    other = a_team("other", admin=owner)
    _, secret = make(owner, scopes=["read", "admin"], teams=[team])
    limited = actor_for_token(find_token(secret))

    with pytest.raises(Missing):
        create_token(actor=limited, owner=owner, name="x", scopes=["read"], teams=[other])


def test_an_admin_makes_a_token_for_a_service_account(owner, service, team):
    token, secret = make(owner, service, scopes=["publish"])

    assert (token.account, token.created_by) == (service, owner)
    assert find_token(secret).account == service
    row = Event.objects.get(act="token.create")
    assert (row.actor_name, row.target, row.team_id) == ("owner", "crew-ci", team.pk)


def test_a_reviewer_makes_no_token_for_a_service_account(mate, service):
    with pytest.raises(Forbidden):
        make(mate, service)

    assert not Token.objects.exists()


def test_staff_make_a_token_for_any_service_account(service):
    token, _ = make(a_person("boss", staff=True), service)

    assert token.account == service


def test_revoking_twice_is_fine_and_recorded_once(owner):
    token, secret = make(owner)

    revoke_token(actor=actor(owner), token=token)
    revoke_token(actor=actor(owner), token=token)

    assert find_token(secret) is None
    row = Event.objects.get(act="token.revoke")
    assert (row.target, row.detail) == ("owner", {"token": token.pk, "name": "laptop"})


def test_a_stranger_cannot_revoke_a_token_and_it_still_works(owner, stranger):
    token, secret = make(owner)

    with pytest.raises(Missing):
        revoke_token(actor=actor(stranger), token=token)

    assert find_token(secret) == token


def test_an_admin_revokes_the_token_of_a_service_account_a_reviewer_does_not(owner, mate, service):
    token, secret = make(owner, service)

    with pytest.raises(Forbidden):
        revoke_token(actor=actor(mate), token=token)
    revoke_token(actor=actor(owner), token=token)

    assert find_token(secret) is None


def test_a_well_formed_secret_that_was_never_given_out_opens_nothing(owner):
    make(owner)

    assert find_token(new_secret()) is None


def test_using_a_token_notes_when(owner):
    token, secret = make(owner)
    assert token.last_used_at is None

    find_token(secret)

    token.refresh_from_db()
    assert now() - token.last_used_at < timedelta(minutes=1)


@pytest.mark.parametrize(("minutes", "is_noted"), [(4, False), (6, True)])
def test_use_is_noted_every_five_minutes_at_most(minutes, is_noted, owner):
    token, secret = make(owner)
    before = now() - timedelta(minutes=minutes)
    Token.objects.update(last_used_at=before)

    find_token(secret)

    token.refresh_from_db()
    assert (token.last_used_at != before) is is_noted


def test_a_token_that_is_not_found_is_not_noted_as_used(owner):
    token, secret = make(owner)
    revoke_token(actor=actor(owner), token=token)

    find_token(secret)

    token.refresh_from_db()
    assert token.last_used_at is None
