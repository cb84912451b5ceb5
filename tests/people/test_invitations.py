"""Invitations: a link that joins one person to one team once, for a week, until it is withdrawn."""

from datetime import timedelta

import pytest

from skills.audit.models import Event
from skills.lib.clock import now
from skills.lib.errors import Forbidden, Missing, Refused
from skills.people import teams
from skills.people.models import Invitation, Membership
from tests.factories import actor, join


@pytest.fixture
def invited(owner, team) -> tuple[Invitation, str]:
    return teams.invite(actor=actor(owner), team=team, email=" New@Example.org ", role="reviewer")


def age(invitation: Invitation, **past) -> None:
    Invitation.objects.filter(pk=invitation.pk).update(expires_at=now() + timedelta(**past))


def test_an_invitation_names_address_role_team_and_who_invites(invited, owner, team):
    invitation, _ = invited

    assert (invitation.email, invitation.role, invitation.team) == ("new@example.org", "reviewer", team)
    assert invitation.invited_by == owner
    assert str(invitation) == "new@example.org to crew"
    row = Event.objects.get(act="team.invite")
    assert (row.actor_name, row.target, row.team_id) == ("owner", "new@example.org", team.pk)
    assert row.detail == {"role": "reviewer"}


def test_the_secret_stands_in_no_row(invited):
    _, secret = invited

    assert secret not in str(list(Invitation.objects.values()))
    assert secret not in str(list(Event.objects.values()))


def test_an_invitation_lives_for_a_week(invited):
    invitation, _ = invited

    left = invitation.expires_at - now()

    assert timedelta(days=6, hours=23) < left <= timedelta(days=7)


@pytest.mark.parametrize("role", ["", "owner", "Admin"])
def test_an_invitation_to_a_role_that_does_not_exist_is_refused(role, owner, team):
    with pytest.raises(Refused, match="There is no role"):
        teams.invite(actor=actor(owner), team=team, email="s@example.org", role=role)

    assert not Invitation.objects.exists()


def test_only_admins_invite(mate, stranger, team):
    for by in (mate, stranger):
        with pytest.raises(Forbidden):
            teams.invite(actor=actor(by), team=team, email="s@example.org", role="member")

    assert not Invitation.objects.exists()


def test_an_open_invitation_is_shown_to_whoever_has_the_link(invited):
    invitation, secret = invited

    assert teams.find_invitation(secret) == invitation


@pytest.mark.parametrize("end", ["withdrawn", "too old", "never made"])
def test_an_invitation_that_is_over_says_so(end, invited, owner, stranger):
    invitation, secret = invited
    if end == "withdrawn":
        teams.revoke_invitation(actor=actor(owner), invitation=invitation)
    elif end == "too old":
        age(invitation, seconds=-1)
    else:
        secret = "x" * 43

    with pytest.raises(Missing) as refusal:
        teams.accept(actor=actor(stranger), secret=secret)

    assert refusal.value.problems[0].code == "invitation_over"
    assert not Membership.objects.filter(team__handle="crew", account=stranger).exists()


def test_accepting_is_recorded_with_the_role(invited, stranger, team):
    _, secret = invited

    assert teams.accept(actor=actor(stranger), secret=secret) == team

    row = Event.objects.get(act="team.join")
    assert (row.actor_name, row.target, row.team_id) == ("stranger", "stranger", team.pk)
    assert row.detail == {"role": "reviewer"}


def test_an_invitation_does_not_lower_the_role_of_a_member(invited, owner, team):
    _, secret = invited

    teams.accept(actor=actor(owner), secret=secret)

    assert Membership.objects.get(team=team, account=owner).role == "admin"


def test_an_invitation_does_not_raise_the_role_of_a_member_either(invited, stranger, team):
    _, secret = invited
    join(team, stranger, "member")

    teams.accept(actor=actor(stranger), secret=secret)

    assert Membership.objects.get(team=team, account=stranger).role == "member"


def test_a_service_account_accepts_no_invitation(invited, owner, team):
    _, secret = invited
    service = teams.create_service(actor=actor(owner), team=team, handle="crew-ci")

    with pytest.raises(Forbidden):
        teams.accept(actor=actor(service), secret=secret)

    assert teams.find_invitation(secret).is_open


def test_only_admins_withdraw_an_invitation(invited, mate, stranger):
    invitation, secret = invited

    for by in (mate, stranger):
        with pytest.raises(Forbidden):
            teams.revoke_invitation(actor=actor(by), invitation=invitation)

    assert teams.find_invitation(secret).is_open


def test_withdrawing_twice_is_recorded_once(invited, owner):
    invitation, _ = invited

    teams.revoke_invitation(actor=actor(owner), invitation=invitation)
    teams.revoke_invitation(actor=actor(owner), invitation=invitation)

    assert Event.objects.filter(act="team.uninvite").count() == 1
    assert invitation.revoked_at is not None


def test_withdrawing_what_was_accepted_changes_nothing(invited, owner, stranger):
    invitation, secret = invited
    teams.accept(actor=actor(stranger), secret=secret)
    invitation.refresh_from_db()

    teams.revoke_invitation(actor=actor(owner), invitation=invitation)

    invitation.refresh_from_db()
    assert invitation.revoked_at is None
    assert not Event.objects.filter(act="team.uninvite").exists()
