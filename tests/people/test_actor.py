"""Who is asking: roles of this moment, cut down to the limits of a token."""

import dataclasses

import pytest

from skills.people.actor import ALL_SCOPES, VISITOR, Actor, actor_for_session, actor_for_token
from skills.people.models import Account, Membership, Token
from skills.people.tokens import create_token
from tests.factories import a_person, a_team, actor, join


def token_of(account, *scopes: str, teams=()) -> Token:
    return create_token(actor=actor(account), owner=account, name="t", scopes=scopes, teams=teams)[0]


def test_a_visitor_is_nobody():
    assert VISITOR.account is None
    assert VISITOR.name == ""
    assert VISITOR.team_ids == []
    assert not VISITOR.is_staff
    assert not VISITOR.is_session
    assert not VISITOR.reads_everything
    assert not VISITOR.can_review_somewhere
    assert not VISITOR.has_scope("read")


def test_an_actor_cannot_be_raised_after_it_was_made():
    with pytest.raises(dataclasses.FrozenInstanceError):
        VISITOR.scopes = ALL_SCOPES


@pytest.mark.parametrize(
    ("office", "scopes", "reads"),
    [
        ({}, ALL_SCOPES, False),
        ({"is_staff": True}, ALL_SCOPES, True),
        ({"is_auditor": True}, ALL_SCOPES, True),
        ({"is_staff": True}, {"read"}, False),
        ({"is_auditor": True}, {"read", "publish", "review"}, False),
        ({"is_staff": True, "is_auditor": True}, {"admin"}, False),
        ({"is_staff": True, "is_auditor": True}, {"read", "admin"}, True),
    ],
)
def test_offices_read_everything_with_the_scopes_read_and_admin_only(office, scopes, reads):
    asking = Actor(Account(username="ann", **office), {}, frozenset(scopes))

    assert asking.reads_everything is reads


@pytest.mark.parametrize(
    ("roles", "reviews"),
    [
        ({}, False),
        ({1: "member"}, False),
        ({1: "member", 2: "reviewer"}, True),
        ({1: "admin"}, True),
    ],
)
def test_who_can_review_somewhere(roles, reviews):
    assert Actor(Account(), roles).can_review_somewhere is reviews


def test_teams_are_listed_in_one_order():
    assert Actor(Account(), {30: "member", 4: "admin", 12: "reviewer"}).team_ids == [4, 12, 30]


def test_no_role_in_a_team_is_no_role():
    assert not Actor(Account(), {1: "admin"}).has_role(2, "member")


def test_a_session_has_every_role_and_scope_of_its_account(owner, team):
    asking = actor_for_session(owner)

    assert asking.name == "owner"
    assert asking.is_session
    assert asking.scopes == {"read", "check", "publish", "review", "admin", "models", "report"}
    assert asking.roles == {owner.personal_team.pk: "admin", team.pk: "admin"}


def test_a_session_costs_one_query(owner, team, django_assert_num_queries):
    with django_assert_num_queries(1):
        actor_for_session(owner)


def test_a_token_has_the_scopes_it_was_given_and_is_no_session(owner, team):
    asking = actor_for_token(token_of(owner, "read", "publish"))

    assert asking.scopes == {"read", "publish"}
    assert not asking.is_session
    assert asking.roles == {owner.personal_team.pk: "admin", team.pk: "admin"}


def test_a_token_for_two_teams_has_roles_in_these_two_only(owner, team):
    second = a_team("second", admin=owner)
    a_team("third", admin=owner)

    asking = actor_for_token(token_of(owner, "read", teams=(team, second)))

    assert asking.team_ids == sorted([team.pk, second.pk])


def test_a_token_of_a_team_that_its_account_has_left_has_no_role_left(owner, mate, team):
    token = token_of(mate, "read", teams=(team,))
    Membership.objects.filter(team=team, account=mate).delete()

    assert actor_for_token(token).roles == {}


def test_a_token_follows_the_role_of_this_moment(stranger, team):
    join(team, stranger, "member")
    token = token_of(stranger, "read", teams=(team,))
    Membership.objects.filter(team=team, account=stranger).update(role="reviewer")

    assert actor_for_token(token).roles == {team.pk: "reviewer"}


def test_the_token_of_an_auditor_that_may_only_read_does_not_read_everything(db):
    auditor = a_person("ida", auditor=True)

    assert not actor_for_token(token_of(auditor, "read")).reads_everything
    assert actor_for_token(token_of(auditor, "read", "admin")).reads_everything
