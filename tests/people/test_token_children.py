"""What a token makes is never wider than itself: scopes, teams, end; offices are for tokens without teams."""

from datetime import timedelta

import pytest

from skills.lib.clock import now
from skills.lib.errors import Forbidden, Missing, Refused
from skills.people import rules
from skills.people.actor import Actor, actor_for_token
from skills.people.models import Account, Team, Token
from skills.people.teams import create_service, create_team, invite, leave_team, set_role
from skills.people.tokens import create_token, find_token, revoke_token, tokens_of
from tests.factories import a_person, a_team, actor

ALL = ("read", "publish", "review", "admin")


def a_token(account: Account, *scopes: str, teams: tuple[Team, ...] = (), days: int | None = None) -> Actor:
    secret = create_token(
        actor=actor(account), owner=account, name="parent", scopes=scopes or ALL, teams=teams, days=days
    )[1]
    return actor_for_token(find_token(secret))


def child(parent: Actor, owner: Account | None = None, **more) -> Token:
    values = {"name": "child", "scopes": ["read"]} | more
    return create_token(actor=parent, owner=owner or parent.account, **values)[0]


@pytest.fixture
def other(owner) -> Team:
    return a_team("other", admin=owner)


def test_a_child_without_a_wish_has_the_teams_of_its_parent(owner, team, other):
    token = child(a_token(owner, teams=(team,)))

    assert list(token.teams.all()) == [team]


def test_a_child_has_no_other_teams_than_its_parent(owner, team, other):
    with pytest.raises(Missing):
        child(a_token(owner, teams=(team,)), teams=[other])


def test_a_child_may_have_fewer_teams(owner, team, other):
    token = child(a_token(owner, teams=(team, other)), teams=[other])

    assert list(token.teams.all()) == [other]


def test_a_child_has_no_scope_that_its_parent_lacks(owner):
    with pytest.raises(Forbidden, match="scopes"):
        child(a_token(owner, "read", "admin"), scopes=["read", "publish"])


def test_a_child_does_not_outlive_its_parent(owner):
    with pytest.raises(Refused, match="which has 1 days left"):
        child(a_token(owner, days=1), days=366)


def test_a_child_without_a_wish_ends_with_its_parent(owner):
    parent = a_token(owner, days=1)

    assert child(parent).expires_at == parent.limits.expires_at


def test_a_child_of_as_many_days_ends_with_its_parent(owner):
    parent = a_token(owner, days=1)

    assert child(parent, days=1).expires_at == parent.limits.expires_at


def test_a_child_may_end_earlier(owner):
    assert child(a_token(owner), days=2).expires_at < now() + timedelta(days=2, minutes=1)


def test_the_token_of_a_service_account_is_a_child_too(owner, team, other):
    robot = create_service(actor=actor(owner), team=team, handle="robot")
    parent = a_token(owner, teams=(team,), days=1)

    token = child(parent, robot)

    assert (list(token.teams.all()), token.expires_at) == ([team], parent.limits.expires_at)


def test_a_token_for_another_team_makes_none_for_a_service_account(owner, team, other):
    robot = create_service(actor=actor(owner), team=team, handle="robot")

    with pytest.raises(Forbidden, match="role admin"):
        child(a_token(owner, teams=(other,)), robot)


def test_a_token_for_a_team_sees_and_revokes_tokens_for_that_team_alone(owner, team, other):
    wide, for_other, for_both = (child(actor(owner), teams=teams) for teams in ((), (other,), (team, other)))
    own = child(actor(owner), teams=(team,))
    limited = a_token(owner, teams=(team,))

    seen = set(tokens_of(limited).exclude(name="parent"))

    assert seen == {own}
    for token in (wide, for_other, for_both):
        with pytest.raises(Missing):
            revoke_token(actor=limited, token=token)
    revoke_token(actor=limited, token=own)
    assert not own.is_live


def test_staff_have_their_office_by_a_token_without_teams_only(db):
    boss = a_person("boss", staff=True, auditor=True)
    finance = a_team("finance", admin=a_person("ann"))
    limited = a_token(boss, teams=(boss.personal_team,))

    assert a_token(boss).is_staff
    assert not limited.is_staff
    assert not limited.reads_everything
    assert not rules.may_read_audit(limited)
    with pytest.raises(Forbidden, match="limited to teams"):
        rules.staff(limited)
    with pytest.raises(Forbidden, match="role admin"):
        rules.team_admin(limited, finance)


def test_a_token_for_a_team_makes_no_team(owner, team):
    with pytest.raises(Forbidden, match="limited to teams"):
        create_team(actor=a_token(owner, teams=(team,)), handle="new", name="New")


def test_a_token_for_a_team_leaves_no_other(owner, team, other):
    with pytest.raises(Missing):
        leave_team(actor=a_token(owner, teams=(team,)), team=other)


def test_a_token_gives_no_role_whose_scope_it_lacks(owner, team, stranger):
    weak = a_token(owner, "admin", "publish")

    for role in ("reviewer", "admin"):
        with pytest.raises(Forbidden, match="scope"):
            set_role(actor=weak, team=team, account=stranger, role=role)
    with pytest.raises(Forbidden, match="scope"):
        invite(actor=weak, team=team, email="x@example.org", role="reviewer")
    set_role(actor=weak, team=team, account=stranger, role="member")


def test_an_invitation_ends_with_the_token_that_makes_it(owner, team):
    parent = a_token(owner, days=1)

    invitation, _ = invite(actor=parent, team=team, email="x@example.org", role="member")

    assert invitation.expires_at == parent.limits.expires_at
