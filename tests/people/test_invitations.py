"""Invitations: a link that joins one person to one team once, for a week, until it is withdrawn."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.db import connection

from skills.audit.models import Event
from skills.lib.clock import now
from skills.lib.errors import Forbidden, Missing, Refused
from skills.people import teams
from skills.people.instance_roles import set_active
from skills.people.models import Account, Invitation, Membership
from tests.factories import a_person, actor, join


@pytest.fixture
def invited(owner, team) -> tuple[Invitation, str]:
    return teams.invite(actor=actor(owner), team=team, email=" New@Example.org ", role="reviewer")


@pytest.fixture
def newcomer(db) -> Account:
    """Somebody whose address was invited."""
    return a_person("new")


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


def test_accepting_is_recorded_with_the_role(invited, newcomer, team):
    _, secret = invited

    assert teams.accept(actor=actor(newcomer), secret=secret) == team

    row = Event.objects.get(act="team.join")
    assert (row.actor_name, row.target, row.team_id) == ("new", "new", team.pk)
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


def test_withdrawing_what_was_accepted_changes_nothing(invited, owner, newcomer):
    invitation, secret = invited
    teams.accept(actor=actor(newcomer), secret=secret)
    invitation.refresh_from_db()

    teams.revoke_invitation(actor=actor(owner), invitation=invitation)

    invitation.refresh_from_db()
    assert invitation.revoked_at is None
    assert not Event.objects.filter(act="team.uninvite").exists()


def test_an_invitation_is_for_no_other_address(invited, stranger, team):
    _, secret = invited

    with pytest.raises(Forbidden) as refusal:
        teams.accept(actor=actor(stranger), secret=secret)

    assert refusal.value.problems[0].code == "invitation_not_yours"
    assert not Membership.objects.filter(team=team, account=stranger).exists()
    assert teams.find_invitation(secret).is_open


@pytest.mark.parametrize(
    ("verified", "mail_host", "joins"),
    [
        (True, "", True),
        (True, "mail.example", True),
        (False, "", False),
        (False, "mail.example", False),
    ],
)
def test_a_second_address_counts_once_it_is_confirmed(
    invited, stranger, team, settings, verified, mail_host, joins
):
    _, secret = invited
    settings.EMAIL_HOST = mail_host
    EmailAddress.objects.create(user=stranger, email="NEW@example.org", verified=verified)

    if not joins:
        with pytest.raises(Forbidden):
            teams.accept(actor=actor(stranger), secret=secret)
    else:
        teams.accept(actor=actor(stranger), secret=secret)

    assert Membership.objects.filter(team=team, account=stranger).exists() == joins


def test_where_mail_goes_out_an_address_that_was_only_typed_is_not_enough(invited, newcomer, settings):
    _, secret = invited
    settings.EMAIL_HOST = "mail.example"

    with pytest.raises(Forbidden):
        teams.accept(actor=actor(newcomer), secret=secret)


def test_who_was_taken_out_does_not_come_back_by_an_older_invitation(invited, newcomer, owner, team):
    _, secret = invited
    join(team, newcomer, "member")
    teams.set_role(actor=actor(owner), team=team, account=newcomer, role="")

    with pytest.raises(Missing):
        teams.accept(actor=actor(newcomer), secret=secret)


def test_who_left_does_not_come_back_by_an_older_invitation(invited, newcomer, team):
    _, secret = invited
    join(team, newcomer, "member")
    teams.leave_team(actor=actor(newcomer), team=team)

    with pytest.raises(Missing):
        teams.accept(actor=actor(newcomer), secret=secret)


@pytest.mark.parametrize("end", ["lowered", "removed", "deactivated"])
def test_an_invitation_falls_with_the_office_of_who_made_it(end, team, owner, newcomer):
    other = a_person("other")
    join(team, other, "admin")
    _, secret = teams.invite(actor=actor(other), team=team, email="new@example.org", role="admin")
    if end == "deactivated":
        set_active(actor=actor(a_person("staff", staff=True)), account=other, active=False)
    else:
        teams.set_role(
            actor=actor(owner), team=team, account=other, role="member" if end == "lowered" else ""
        )

    with pytest.raises(Missing):
        teams.accept(actor=actor(newcomer), secret=secret)


def test_an_account_is_opened_by_a_link_once_and_only_under_its_address(invited, team):
    invitation, secret = invited
    wrong = Account(username="wrong", email="other@example.org")
    right = Account(username="right", email="New@example.org")

    with pytest.raises(Missing):
        teams.open_invited_account(account=wrong, invitation=invitation)
    teams.open_invited_account(account=right, invitation=invitation)

    assert Membership.objects.get(team=team, account=right).role == "reviewer"
    with pytest.raises(Missing):
        teams.find_invitation(secret)
    assert not Account.objects.filter(username="wrong").exists()


@pytest.mark.django_db(transaction=True)
def test_of_many_who_open_an_account_by_one_link_at_once_one_gets_in():
    owner = a_person("owner")
    team = teams.create_team(actor=actor(owner), handle="crew", name="Crew")
    invitation, _ = teams.invite(actor=actor(owner), team=team, email="new@example.org", role="member")

    def open_one(number: int) -> bool:
        try:
            account = Account(username=f"new-{number}", email="new@example.org")
            teams.open_invited_account(account=account, invitation=invitation)
        except Missing:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(6) as pool:
        opened = list(pool.map(open_one, range(6)))

    assert sorted(opened) == [False] * 5 + [True]
    assert Membership.objects.filter(team=team).count() == 2
