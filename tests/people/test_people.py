"""Accounts, teams, roles, tokens, invitations: who may, and the last of anything stays."""

from datetime import timedelta

import pytest

from skills.lib.clock import now
from skills.lib.errors import Conflict, Forbidden, Missing, Refused
from skills.people import instance_roles, teams
from skills.people.models import Account, Membership, Token
from skills.people.tokens import create_token, find_token, new_secret, revoke_token, well_formed
from tests.factories import a_person, a_secret, actor, join


def test_a_person_gets_a_personal_team(owner):
    assert owner.personal_team.handle == "owner"
    assert owner.personal_team.policy.approvals_needed == 1


@pytest.mark.parametrize(
    "handle", ["", "A", "-a", "a-", "a b", "a" * 41, "api", "static", "owner", "crew", "ü"]
)
def test_bad_and_taken_handles_are_refused(handle, owner, team):
    with pytest.raises(Refused):
        teams.create_team(actor=actor(owner), handle=handle, name="x")


def test_the_last_admin_stays(owner, mate, team):
    with pytest.raises(Conflict):
        teams.set_role(actor=actor(owner), team=team, account=owner, role="member")
    with pytest.raises(Conflict):
        teams.leave_team(actor=actor(owner), team=team)
    with pytest.raises(Conflict):
        instance_roles.set_active(actor=actor(owner), account=owner, active=False)

    teams.set_role(actor=actor(owner), team=team, account=mate, role="admin")
    teams.leave_team(actor=actor(owner), team=team)

    assert not Membership.objects.filter(team=team, account=owner).exists()


def test_the_last_member_of_staff_stays(db):
    boss = a_person("boss", staff=True)

    with pytest.raises(Conflict):
        instance_roles.set_offices(actor=actor(boss), account=boss, staff=False, auditor=False)
    with pytest.raises(Conflict):
        instance_roles.set_active(actor=actor(boss), account=boss, active=False)


def test_only_admins_give_roles(owner, mate, stranger, team):
    for by in (mate, stranger):
        with pytest.raises(Forbidden):
            teams.set_role(actor=actor(by), team=team, account=stranger, role="admin")


def test_an_invitation_is_used_once(owner, stranger, team):
    invitation, secret = teams.invite(
        actor=actor(owner), team=team, email="stranger@example.org", role="reviewer"
    )
    assert secret not in str(invitation.__dict__)

    teams.accept(actor=actor(stranger), secret=secret)

    assert Membership.objects.get(team=team, account=stranger).role == "reviewer"
    with pytest.raises(Missing):
        teams.accept(actor=actor(a_person("other")), secret=secret)


def test_a_token_is_stored_as_a_hash_only(owner):
    secret = a_secret(owner, "read")

    token = Token.objects.get()
    assert secret.startswith("skh_") and well_formed(secret)
    assert secret not in str(token.__dict__)
    assert find_token(secret) == token


def test_a_mistyped_secret_is_told_apart_without_a_query(owner, django_assert_num_queries):
    secret = new_secret()

    with django_assert_num_queries(0):
        assert find_token(secret[:-1] + ("0" if secret[-1] != "0" else "1")) is None


@pytest.mark.parametrize("end", ["revoked", "expired", "deactivated"])
def test_a_dead_token_opens_nothing(end, owner, stranger):
    secret = a_secret(stranger, "read")
    token = Token.objects.get()
    if end == "revoked":
        revoke_token(actor=actor(stranger), token=token)
    elif end == "expired":
        past = now() - timedelta(days=2)
        Token.objects.update(created_at=past, expires_at=past + timedelta(days=1))
    else:
        instance_roles.set_active(actor=actor(stranger), account=stranger, active=False)

    assert find_token(secret) is None


def test_a_token_cannot_make_a_stronger_one(owner):
    from skills.people.actor import actor_for_token

    weak = find_token(a_secret(owner, "admin"))

    with pytest.raises(Forbidden):
        create_token(actor=actor_for_token(weak), owner=owner, name="x", scopes=["review"])


def test_nobody_revokes_or_sees_anothers_token(owner, stranger):
    a_secret(owner, "read")

    with pytest.raises(Missing):
        revoke_token(actor=actor(stranger), token=Token.objects.get())


def test_a_service_account_never_reviews(owner, team):
    service = teams.create_service(actor=actor(owner), team=team, handle="crew-ci")

    with pytest.raises(Forbidden):
        create_token(actor=actor(owner), owner=service, name="x", scopes=["review"])
    with pytest.raises(Refused):
        teams.set_role(actor=actor(owner), team=team, account=service, role="reviewer")


def test_a_token_limited_to_a_team_has_no_role_elsewhere(owner, mate, team):
    from skills.people.actor import actor_for_token

    other = teams.create_team(actor=actor(owner), handle="other", name="Other")
    limited = actor_for_token(find_token(a_secret(owner, "read", "publish", team_limits=(team,))))

    assert limited.has_role(team.pk, "admin")
    assert not limited.has_role(other.pk, "member")


def test_roles_are_read_per_request(owner, stranger, team, client):
    join(team, stranger, "admin")
    client.force_login(stranger)
    assert client.get("/@crew/-/members/").status_code == 200

    Membership.objects.filter(account=stranger, team=team).delete()

    assert client.get("/@crew/-/members/").status_code == 404


def test_sign_up_is_closed_without_an_invitation(client, db):
    assert b"closed" in client.get("/account/signup/").content.lower()


def test_sign_up_by_invitation_opens_a_personal_team(client, owner, team):
    _, secret = teams.invite(actor=actor(owner), team=team, email="new@example.org", role="member")
    client.get(f"/invitations/{secret}/")

    client.post(
        f"/account/signup/?next=/invitations/{secret}/",
        {
            "username": "Newcomer",
            "email": "new@example.org",
            "password1": "correct horse battery",
            "password2": "correct horse battery",
        },
    )

    account = Account.objects.get(username="newcomer")
    assert account.personal_team.handle == "newcomer"
