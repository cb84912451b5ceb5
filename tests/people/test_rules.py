"""Who may do what: every rule for every kind of actor, with the refusal that each deserves."""

import pytest

from skills.lib.errors import Forbidden, Unauthenticated
from skills.people import rules
from skills.people.actor import ALL_SCOPES, VISITOR, Actor
from skills.people.models import Account, Role, Scope, Team

CREW = Team(pk=1, handle="crew")
OTHER = Team(pk=2, handle="other")
PERSON = Account(pk=10, username="ann")
STAFF = Account(pk=11, username="boss", is_staff=True)
AUDITOR = Account(pk=12, username="ida", is_auditor=True)
SERVICE = Account(pk=13, username="crew-ci", service_of=CREW)


def someone(account=PERSON, scopes=ALL_SCOPES, **roles: str) -> Actor:
    """An actor with ROLES by the handle of the team."""
    ids = {"crew": CREW.pk, "other": OTHER.pk}
    return Actor(account, {ids[handle]: role for handle, role in roles.items()}, frozenset(scopes))


def problem_of(refusal) -> tuple[str, str, str]:
    (problem,) = refusal.value.problems
    return problem.code, problem.text, problem.remedy


ASKS_WHO = [
    rules.signed_in,
    rules.person,
    rules.staff,
    lambda actor: rules.scope(actor, Scope.READ),
    lambda actor: rules.role(actor, CREW, Role.MEMBER),
    lambda actor: rules.team_admin(actor, CREW),
]


@pytest.mark.parametrize("rule", ASKS_WHO)
def test_a_visitor_is_asked_to_sign_in_by_every_rule(rule):
    with pytest.raises(Unauthenticated) as refusal:
        rule(VISITOR)

    assert problem_of(refusal) == ("sign_in", "This needs an account.", "Sign in, or send a token.")


def test_whoever_is_signed_in_is_answered():
    assert rules.signed_in(someone()) is PERSON
    assert rules.signed_in(someone(SERVICE)) is SERVICE


def test_a_token_without_any_scope_is_signed_in_still():
    assert rules.signed_in(someone(scopes=())) is PERSON


def test_a_person_is_no_service_account():
    assert rules.person(someone()) is PERSON

    with pytest.raises(Forbidden) as refusal:
        rules.person(someone(SERVICE))

    assert problem_of(refusal) == (
        "person_needed",
        "Service accounts cannot do this.",
        "Use a person's account.",
    )


@pytest.mark.parametrize("scope", Scope.values)
def test_a_scope_is_had_or_refused_by_its_name(scope):
    assert rules.scope(someone(scopes=[scope]), scope) is PERSON

    with pytest.raises(Forbidden) as refusal:
        rules.scope(someone(scopes=ALL_SCOPES - {scope}), scope)

    assert problem_of(refusal) == (
        "scope_missing",
        f"The token lacks the scope `{scope}`.",
        "Make a token with that scope.",
    )


@pytest.mark.parametrize(
    ("mine", "needed", "enough"),
    [
        ("member", "member", True),
        ("member", "reviewer", False),
        ("member", "admin", False),
        ("reviewer", "member", True),
        ("reviewer", "reviewer", True),
        ("reviewer", "admin", False),
        ("admin", "member", True),
        ("admin", "reviewer", True),
        ("admin", "admin", True),
    ],
)
def test_a_role_includes_those_below_it(mine, needed, enough):
    actor = someone(crew=mine)

    assert actor.has_role(CREW.pk, needed) is enough
    if enough:
        assert rules.role(actor, CREW, needed) is PERSON
        return
    with pytest.raises(Forbidden) as refusal:
        rules.role(actor, CREW, needed)
    assert problem_of(refusal) == (
        "role_missing",
        f"This needs the role {needed} in the team crew.",
        "Ask an admin of the team.",
    )


@pytest.mark.parametrize("needed", Role.values)
def test_a_role_in_one_team_is_none_in_another(needed):
    with pytest.raises(Forbidden, match="in the team other"):
        rules.role(someone(crew="admin"), OTHER, needed)


@pytest.mark.parametrize(
    ("needed", "scope"), [("member", "publish"), ("reviewer", "review"), ("admin", "admin")]
)
def test_a_role_is_used_with_the_scope_that_goes_with_it(needed, scope):
    assert rules.role(someone(scopes=[scope], crew="admin"), CREW, needed) is PERSON

    with pytest.raises(Forbidden, match=f"lacks the scope `{scope}`"):
        rules.role(someone(scopes=ALL_SCOPES - {scope}, crew="admin"), CREW, needed)


def test_an_unknown_role_is_a_fault_of_the_caller():
    with pytest.raises(ValueError, match="emperor"):
        rules.role(someone(crew="admin"), CREW, "emperor")


def test_staff_administer_teams_they_are_not_in():
    assert rules.team_admin(someone(STAFF), CREW) is STAFF


def test_staff_with_a_token_that_may_only_read_administer_nothing():
    with pytest.raises(Forbidden, match="scope `admin`"):
        rules.team_admin(someone(STAFF, scopes=["read"]), CREW)
    with pytest.raises(Forbidden, match="scope `admin`"):
        rules.staff(someone(STAFF, scopes=["read"]))


@pytest.mark.parametrize("role", ["member", "reviewer"])
def test_members_and_reviewers_administer_nothing(role):
    with pytest.raises(Forbidden, match="needs the role admin"):
        rules.team_admin(someone(crew=role), CREW)


def test_an_admin_of_the_team_administers_it():
    assert rules.team_admin(someone(crew="admin"), CREW) is PERSON


@pytest.mark.parametrize("account", [PERSON, AUDITOR, SERVICE])
def test_only_staff_are_staff(account):
    with pytest.raises(Forbidden) as refusal:
        rules.staff(someone(account, crew="admin"))

    assert problem_of(refusal) == ("staff_only", "Only instance staff may do this.", "Ask them.")


def test_staff_are_answered():
    assert rules.staff(someone(STAFF)) is STAFF


@pytest.mark.parametrize(
    ("actor", "everything", "of_crew", "of_other"),
    [
        (VISITOR, False, False, False),
        (someone(), False, False, False),
        (someone(crew="member"), False, False, False),
        (someone(crew="reviewer"), False, False, False),
        (someone(crew="admin"), False, True, False),
        (someone(scopes=["read", "review"], crew="admin"), False, False, False),
        (someone(STAFF), True, True, True),
        (someone(AUDITOR), True, True, True),
        (someone(STAFF, scopes=["read"]), False, False, False),
        (someone(AUDITOR, scopes=["read"]), False, False, False),
    ],
)
def test_who_may_read_the_audit_log(actor, everything, of_crew, of_other):
    assert rules.may_read_audit(actor) is everything
    assert rules.may_read_audit(actor, CREW) is of_crew
    assert rules.may_read_audit(actor, OTHER) is of_other
