"""What staff do to accounts, and what people do to their own: offices, leaving, coming back."""

import pytest
from django.db import IntegrityError, transaction

from skills.audit.models import Event
from skills.lib.errors import Conflict, Forbidden, Refused
from skills.people import instance_roles, teams
from skills.people.actor import Actor
from skills.people.models import Membership, Token
from tests.factories import a_person, a_secret, actor, join


@pytest.fixture
def boss(db):
    return a_person("boss", staff=True)


@pytest.fixture
def service(owner, team):
    return teams.create_service(actor=actor(owner), team=team, handle="crew-ci")


def set_active(by, account, active):
    instance_roles.set_active(actor=actor(by), account=account, active=active)
    account.refresh_from_db()


def test_staff_deactivate_and_bring_back_anybody(boss, stranger):
    set_active(boss, stranger, active=False)
    assert not stranger.is_active

    set_active(boss, stranger, active=True)
    assert stranger.is_active

    rows = Event.objects.filter(act__startswith="account.", target="stranger").order_by("pk")
    assert [(row.actor_name, row.act) for row in rows][1:] == [
        ("boss", "account.deactivate"),
        ("boss", "account.activate"),
    ]


def test_everybody_may_leave_by_themselves(stranger):
    set_active(stranger, stranger, active=False)

    assert not stranger.is_active


def test_nobody_brings_themselves_back(stranger):
    asking = actor(stranger)
    instance_roles.set_active(actor=asking, account=stranger, active=False)

    with pytest.raises(Forbidden, match="Only instance staff"):
        instance_roles.set_active(actor=asking, account=stranger, active=True)

    stranger.refresh_from_db()
    assert not stranger.is_active


def test_nobody_but_staff_deactivates_another(owner, stranger, team):
    with pytest.raises(Forbidden, match="Only instance staff"):
        set_active(owner, stranger, active=False)

    stranger.refresh_from_db()
    assert stranger.is_active


def test_leaving_revokes_every_token_and_coming_back_revives_none(boss, stranger):
    a_secret(stranger, "read")
    a_secret(stranger, "publish")

    set_active(boss, stranger, active=False)
    set_active(boss, stranger, active=True)

    assert Token.objects.filter(account=stranger, revoked_at=None).count() == 0


def test_leaving_touches_no_token_of_another(boss, owner, stranger):
    a_secret(owner, "read")

    set_active(boss, stranger, active=False)

    assert Token.objects.get(account=owner).revoked_at is None


def test_leaving_keeps_the_memberships(boss, mate, team):
    set_active(boss, mate, active=False)

    assert Membership.objects.get(team=team, account=mate).role == "reviewer"


def test_the_last_admin_of_a_team_stays_until_there_is_another(boss, owner, mate, team):
    with pytest.raises(Conflict, match="last admin of crew") as refusal:
        set_active(boss, owner, active=False)
    assert refusal.value.problems[0].remedy == "Make somebody else an admin first."

    Membership.objects.filter(team=team, account=mate).update(role="admin")
    set_active(boss, owner, active=False)

    assert not owner.is_active


def test_a_refused_deactivation_leaves_the_tokens_alive(boss, owner, team):
    a_secret(owner, "read")

    with pytest.raises(Conflict):
        set_active(boss, owner, active=False)

    assert Token.objects.get().revoked_at is None


def test_a_personal_team_keeps_nobody(boss, stranger):
    assert stranger.personal_team.memberships.get().role == "admin"

    set_active(boss, stranger, active=False)

    assert not stranger.is_active


def test_admins_switch_the_service_accounts_of_their_team(owner, service, team):
    set_active(owner, service, active=False)
    assert not service.is_active

    set_active(owner, service, active=True)
    assert service.is_active

    row = Event.objects.get(act="account.deactivate")
    assert (row.actor_name, row.target, row.team_id) == ("owner", "crew-ci", team.pk)


def test_reviewers_and_strangers_do_not_switch_service_accounts(mate, stranger, service):
    for by in (mate, stranger):
        with pytest.raises(Forbidden):
            set_active(by, service, active=False)

    service.refresh_from_db()
    assert service.is_active


def test_a_member_of_staff_who_is_inactive_does_not_count_as_one_that_stays(boss):
    gone = a_person("gone", staff=True)
    gone.is_active = False
    gone.save()

    with pytest.raises(Conflict, match="boss is the last member of staff"):
        set_active(boss, boss, active=False)


def test_one_of_two_staff_may_leave(boss):
    a_person("second", staff=True)

    set_active(boss, boss, active=False)

    assert not boss.is_active


@pytest.mark.parametrize(("staff", "auditor"), [(True, False), (False, True), (True, True), (False, False)])
def test_staff_give_offices(staff, auditor, boss, stranger):
    instance_roles.set_offices(actor=actor(boss), account=stranger, staff=staff, auditor=auditor)

    stranger.refresh_from_db()
    assert (stranger.is_staff, stranger.is_auditor) == (staff, auditor)
    row = Event.objects.get(act="account.office")
    assert (row.actor_name, row.target) == ("boss", "stranger")
    assert row.detail == {"staff": staff, "auditor": auditor}


def test_auditors_and_admins_give_no_office(owner, stranger, team):
    for by in (a_person("ida", auditor=True), owner, stranger):
        with pytest.raises(Forbidden, match="Only instance staff"):
            instance_roles.set_offices(actor=actor(by), account=stranger, staff=True, auditor=False)

    stranger.refresh_from_db()
    assert not stranger.is_staff


def test_staff_give_no_office_with_a_token_that_may_only_read(boss, stranger):
    reading = Actor(boss, {}, frozenset({"read"}))

    with pytest.raises(Forbidden, match="scope `admin`"):
        instance_roles.set_offices(actor=reading, account=stranger, staff=True, auditor=False)


@pytest.mark.parametrize(("staff", "auditor"), [(True, False), (False, True)])
def test_a_service_account_holds_no_office(staff, auditor, boss, service):
    with pytest.raises(Refused, match="hold no office"):
        instance_roles.set_offices(actor=actor(boss), account=service, staff=staff, auditor=auditor)

    service.refresh_from_db()
    assert (service.is_staff, service.is_auditor) == (False, False)


def test_the_database_refuses_an_office_of_a_service_account_too(service):
    service.is_auditor = True

    with pytest.raises(IntegrityError, match="service_accounts_hold_no_office"), transaction.atomic():
        service.save()


def test_the_last_of_staff_may_become_an_auditor_besides(boss):
    instance_roles.set_offices(actor=actor(boss), account=boss, staff=True, auditor=True)

    boss.refresh_from_db()
    assert (boss.is_staff, boss.is_auditor) == (True, True)


def test_one_of_two_staff_gives_the_office_back(boss):
    second = a_person("second", staff=True)

    instance_roles.set_offices(actor=actor(boss), account=boss, staff=False, auditor=False)

    boss.refresh_from_db()
    second.refresh_from_db()
    assert (boss.is_staff, second.is_staff) == (False, True)


def test_somebody_in_two_teams_stays_for_the_one_that_needs_them(boss, owner, mate, team):
    second = teams.create_team(actor=actor(owner), handle="second", name="Second")
    join(second, mate, "admin")

    with pytest.raises(Conflict, match="last admin of crew"):
        set_active(boss, owner, active=False)


def test_the_setup_code_follows_from_the_secret_key(settings):
    settings.SECRET_KEY = "one"
    first = instance_roles.setup_code()
    again = instance_roles.setup_code()
    settings.SECRET_KEY = "two"

    assert first == again
    assert len(first) == 32
    assert first != instance_roles.setup_code()
    assert "one" not in first
