"""Teams: how they come to be, change, and who comes and goes, each with its audit row."""

import pytest
from django.core.exceptions import ValidationError

from skills.audit.models import Event
from skills.lib.errors import Conflict, Forbidden, Missing, Refused, Unauthenticated
from skills.people import teams
from skills.people.actor import VISITOR, Actor
from skills.people.models import Membership, Policy, Team
from tests.factories import a_person, a_team, actor, join


def event(act: str) -> tuple:
    """(by, target, team, detail) of the one row about ACT."""
    row = Event.objects.filter(act=act).latest("pk")
    return row.actor_name, row.target, row.team_id, row.detail


def role_of(account, team) -> str | None:
    return Membership.objects.filter(team=team, account=account).values_list("role", flat=True).first()


@pytest.mark.parametrize("handle", ["a", "0", "a-b", "a" * 40, "2nd-crew", "x--y"])
def test_a_good_handle_is_accepted(handle, db):
    teams.check_handle(handle)


@pytest.mark.parametrize("handle", sorted(teams.RESERVED))
def test_a_reserved_handle_is_refused(handle, db):
    with pytest.raises(Refused, match="is reserved") as refusal:
        teams.check_handle(handle)

    assert refusal.value.problems[0].code == "bad_handle"


@pytest.mark.parametrize("handle", ["owner", "crew"])
def test_accounts_and_teams_share_one_space_of_handles(handle, owner, team):
    with pytest.raises(Conflict, match="is taken") as refusal:
        teams.check_handle(handle)

    assert refusal.value.problems[0].code == "handle_taken"


def test_a_team_begins_with_its_maker_as_admin_and_the_usual_policy(owner):
    team = teams.create_team(actor=actor(owner), handle="crew", name="The crew", description="We greet.")

    assert (team.name, team.description, team.is_personal) == ("The crew", "We greet.", False)
    assert [(row.account, row.role) for row in team.memberships.all()] == [(owner, "admin")]
    policy = team.policy
    assert (policy.approvals_needed, policy.self_approval, policy.scan_gate) == (1, False, True)
    assert event("team.create") == ("owner", "crew", team.pk, {})


def test_a_team_without_a_name_is_called_by_its_handle(owner):
    assert teams.create_team(actor=actor(owner), handle="crew", name="").name == "crew"


def test_a_visitor_makes_no_team(db):
    with pytest.raises(Unauthenticated):
        teams.create_team(actor=VISITOR, handle="crew", name="x")

    assert not Team.objects.exists()


def test_a_token_without_the_admin_scope_makes_no_team(owner):
    weak = Actor(owner, {}, frozenset({"read", "publish", "review"}))

    with pytest.raises(Forbidden, match="scope `admin`"):
        teams.create_team(actor=weak, handle="crew", name="x")

    assert not Team.objects.filter(handle="crew").exists()


def test_a_service_account_makes_no_team(owner, team):
    service = teams.create_service(actor=actor(owner), team=team, handle="crew-ci")

    with pytest.raises(Forbidden, match="Service accounts"):
        teams.create_team(actor=actor(service), handle="machines", name="x")


def test_a_personal_team_cannot_lose_its_person_or_gain_another(owner, stranger):
    personal = owner.personal_team

    with pytest.raises(Refused, match="one member"):
        teams.set_role(actor=actor(owner), team=personal, account=stranger, role="member")
    with pytest.raises(Refused, match="one member"):
        teams.invite(actor=actor(owner), team=personal, email="s@example.org", role="member")
    with pytest.raises(Refused, match="belong to shared teams"):
        teams.create_service(actor=actor(owner), team=personal, handle="my-ci")
    with pytest.raises(Missing):
        teams.leave_team(actor=actor(owner), team=personal)

    assert [(row.account, row.role) for row in personal.memberships.all()] == [(owner, "admin")]


def test_a_team_is_renamed_by_its_admin(owner, team):
    teams.change_team(actor=actor(owner), team=team, name="  The crew ", description=" We greet. ")

    team.refresh_from_db()
    assert (team.handle, team.name, team.description) == ("crew", "The crew", "We greet.")
    assert event("team.change") == ("owner", "crew", team.pk, {"name": "The crew"})


def test_a_team_renamed_to_nothing_is_called_by_its_handle(owner, team):
    teams.change_team(actor=actor(owner), team=team, name=" ", description="")

    assert team.name == "crew"


def test_reviewers_and_strangers_do_not_rename_a_team(mate, stranger, team):
    for by in (mate, stranger):
        with pytest.raises(Forbidden, match="role admin"):
            teams.change_team(actor=actor(by), team=team, name="Mine", description="")

    team.refresh_from_db()
    assert team.name == "Crew"


def test_staff_rename_any_team(team):
    teams.change_team(actor=actor(a_person("boss", staff=True)), team=team, name="Renamed", description="")

    team.refresh_from_db()
    assert team.name == "Renamed"


def policy_values(**more) -> dict:
    return {"approvals_needed": 1, "self_approval": False, "scan_gate": True} | more


def test_a_change_of_policy_is_recorded_with_what_was_before(owner, team):
    teams.change_policy(
        actor=actor(owner), team=team, **policy_values(approvals_needed=2, scan_gate=False, minimum_lift=10)
    )

    policy = Policy.objects.get(team=team)
    assert (policy.approvals_needed, policy.scan_gate, policy.minimum_lift) == (2, False, 10)
    _, _, team_id, detail = event("policy.change")
    assert team_id == team.pk
    assert detail["before"] == {
        "approvals_needed": 1,
        "self_approval": False,
        "scan_gate": True,
        "evals_required": False,
        "approve_synced": False,
        "no_regression": False,
        "minimum_lift": None,
        "discerning_cases": False,
        "standard_cases": 5,
        "standard_repeats": 3,
        "standard_models": [],
        "inferiority_margin": 10,
    }
    assert detail["after"] == detail["before"] | {
        "approvals_needed": 2,
        "scan_gate": False,
        "minimum_lift": 10,
    }


@pytest.mark.parametrize(
    ("values", "right"),
    [
        ({"approvals_needed": 0}, False),
        ({"approvals_needed": 1}, True),
        ({"approvals_needed": 5}, True),
        ({"approvals_needed": 6}, False),
        ({"minimum_lift": 0}, True),
        ({"minimum_lift": 100}, True),
        ({"minimum_lift": 101}, False),
        ({"minimum_lift": -1}, False),
        ({"standard_cases": 0}, False),
        ({"standard_cases": 500, "standard_repeats": 10}, True),
        ({"standard_cases": 501}, False),
        ({"standard_repeats": 0}, False),
        ({"standard_repeats": 11}, False),
        ({"inferiority_margin": 0}, False),
        ({"inferiority_margin": 50}, True),
        ({"inferiority_margin": 51}, False),
        ({"standard_models": ["haiku"]}, True),
    ],
)
def test_a_policy_has_bounds(values, right, owner, team):
    before = Policy.objects.filter(team=team).values().get()

    if right:
        teams.change_policy(actor=actor(owner), team=team, **policy_values(**values))
        assert Policy.objects.filter(team=team, **values).exists()
        return
    with pytest.raises(ValidationError):
        teams.change_policy(actor=actor(owner), team=team, **policy_values(**values))
    assert Policy.objects.filter(team=team).values().get() == before


def test_reviewers_do_not_change_the_policy_they_review_under(mate, team):
    with pytest.raises(Forbidden):
        teams.change_policy(actor=actor(mate), team=team, **policy_values(self_approval=True))

    assert not Policy.objects.get(team=team).self_approval


@pytest.mark.parametrize("role", ["member", "reviewer", "admin"])
def test_an_admin_gives_any_role(role, owner, stranger, team):
    teams.set_role(actor=actor(owner), team=team, account=stranger, role=role)

    assert role_of(stranger, team) == role
    assert event("team.role") == ("owner", "stranger", team.pk, {"before": "", "after": role})


def test_a_role_is_changed_in_place(owner, mate, team):
    teams.set_role(actor=actor(owner), team=team, account=mate, role="member")

    assert role_of(mate, team) == "member"
    assert Membership.objects.filter(team=team, account=mate).count() == 1
    assert event("team.role")[3] == {"before": "reviewer", "after": "member"}


def test_an_empty_role_takes_somebody_out(owner, mate, team):
    teams.set_role(actor=actor(owner), team=team, account=mate, role="")

    assert role_of(mate, team) is None
    assert event("team.role")[3] == {"before": "reviewer", "after": ""}


def test_nobody_is_taken_out_of_a_team_they_are_not_in(owner, stranger, team):
    with pytest.raises(Missing):
        teams.set_role(actor=actor(owner), team=team, account=stranger, role="")


def test_an_admin_steps_down_where_another_stays(owner, mate, team):
    teams.set_role(actor=actor(owner), team=team, account=mate, role="admin")

    teams.set_role(actor=actor(owner), team=team, account=owner, role="member")

    assert (role_of(owner, team), role_of(mate, team)) == ("member", "admin")


def test_an_admin_who_cannot_sign_in_does_not_count_as_one_that_stays(owner, mate, team):
    teams.set_role(actor=actor(owner), team=team, account=mate, role="admin")
    mate.is_active = False
    mate.save()

    with pytest.raises(Conflict, match="last admin of crew"):
        teams.leave_team(actor=actor(owner), team=team)

    assert role_of(owner, team) == "admin"


def test_giving_the_last_admin_the_same_role_again_is_fine(owner, team):
    teams.set_role(actor=actor(owner), team=team, account=owner, role="admin")

    assert role_of(owner, team) == "admin"


def test_a_service_account_may_be_a_member_and_be_taken_out(owner, team):
    service = teams.create_service(actor=actor(owner), team=team, handle="crew-ci")
    second = a_team("second", admin=owner)

    teams.set_role(actor=actor(owner), team=second, account=service, role="member")
    teams.set_role(actor=actor(owner), team=second, account=service, role="")

    assert role_of(service, team) == "member"
    assert role_of(service, second) is None


@pytest.mark.parametrize("role", ["reviewer", "admin"])
def test_a_service_account_is_never_more_than_a_member(role, owner, team):
    service = teams.create_service(actor=actor(owner), team=team, handle="crew-ci")

    with pytest.raises(Refused, match="never reviewers or admins"):
        teams.set_role(actor=actor(owner), team=team, account=service, role=role)

    assert role_of(service, team) == "member"


def test_a_member_leaves_and_that_is_recorded(mate, team):
    teams.leave_team(actor=actor(mate), team=team)

    assert role_of(mate, team) is None
    assert event("team.leave") == ("mate", "mate", team.pk, {})


def test_nobody_leaves_a_team_they_are_not_in(stranger, team):
    with pytest.raises(Missing):
        teams.leave_team(actor=actor(stranger), team=team)


def test_a_service_account_does_not_leave_by_itself(owner, team):
    service = teams.create_service(actor=actor(owner), team=team, handle="crew-ci")

    with pytest.raises(Forbidden):
        teams.leave_team(actor=actor(service), team=team)


def test_a_service_account_belongs_to_its_team_and_has_no_password(owner, team):
    service = teams.create_service(actor=actor(owner), team=team, handle="crew-ci", name="The builder")

    assert service.is_service
    assert (service.service_of, service.label) == (team, "The builder")
    assert not service.has_usable_password()
    assert not Team.objects.filter(personal_of=service).exists()
    assert role_of(service, team) == "member"
    assert event("service.create") == ("owner", "crew-ci", team.pk, {})


@pytest.mark.parametrize("handle", ["crew", "mate", "api", "-x"])
def test_a_service_account_needs_a_free_handle(handle, owner, mate, team):
    with pytest.raises(Refused):
        teams.create_service(actor=actor(owner), team=team, handle=handle)


def test_members_make_no_service_account(mate, stranger, team):
    join(team, stranger, "member")

    for by in (mate, stranger):
        with pytest.raises(Forbidden):
            teams.create_service(actor=actor(by), team=team, handle="crew-ci")
