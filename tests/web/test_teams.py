"""Team pages: what each form does with good and bad input, and who is kept out."""

import re

import pytest
from django.core import mail

from skills.audit.models import Event
from skills.people.models import Account, Invitation, Membership, Team, Token
from skills.people.teams import create_service, invite
from skills.portfolio.configure import save_model
from skills.portfolio.models import PortfolioModel, Provider
from tests.factories import a_person, a_team, actor, an_approved, bearer, join
from tests.pages import outcome, words_of

pytestmark = pytest.mark.django_db
MEMBERS = "/@crew/-/members/"
POLICY = {"approvals_needed": "2", "self_approval": "on", "minimum_lift": ""}


@pytest.fixture
def admin(client, owner, team):
    client.force_login(owner)
    return client


def role_of(account, team):
    return Membership.objects.filter(account=account, team=team).values_list("role", flat=True).first()


def test_the_list_shows_ones_teams_and_the_others_but_no_personal_ones(admin, stranger):
    a_team("others", admin=stranger)

    page = admin.get("/teams/").content.decode()

    assert "/@crew/" in page
    assert "/@others/" in page
    assert "/@stranger/" not in page


def test_a_new_team_leads_to_its_members(admin, owner):
    answer = admin.post("/teams/new/", {"handle": "finance", "name": "Finance", "description": "Money."})

    told = "The team finance exists. Invite your colleagues."
    assert outcome(answer) == (302, "/@finance/-/members/", [("ok", told)])
    made = Team.objects.get(handle="finance")
    assert (made.name, made.description, role_of(owner, made)) == ("Finance", "Money.", "admin")


SHAPE = "Use 1 to 40 lower-case letters, digits and hyphens, starting with a letter or digit."


@pytest.mark.parametrize(
    ("handle", "words"),
    [
        ("", "This field is required."),
        ("Finance", SHAPE),
        ("-x", SHAPE),
        ("api", "The handle 'api' is reserved."),
        ("crew", "The handle 'crew' is taken."),
        ("owner", "The handle 'owner' is taken."),
        ("x" * 41, "Ensure this value has at most 40 characters (it has 41)."),
    ],
)
def test_a_handle_that_cannot_be_is_refused_and_the_rest_kept(handle, words, admin):
    before = Team.objects.count()

    answer = admin.post("/teams/new/", {"handle": handle, "name": "Typed name"})

    assert answer.status_code == 400
    assert answer.context["form"].errors == {"handle": [words]}
    assert "Typed name" in answer.content.decode()
    assert Team.objects.count() == before


def test_a_service_account_makes_no_team_in_the_browser(client, owner, team):
    client.force_login(create_service(actor=actor(owner), team=team, handle="ci"))

    assert client.get("/teams/new/").status_code == 403


def test_a_visitor_sees_what_a_team_publishes_and_not_who_is_in_it(client, owner, mate, team):
    an_approved(owner, mate, team, "open-one", wanted="public")
    an_approved(owner, mate, team, "quiet")

    page = client.get("/@crew/").content.decode()

    assert "open-one" in page
    assert "quiet" not in page
    assert "/people/mate/" not in page


def test_a_member_may_leave_and_a_stranger_is_not_offered_to(client, mate, stranger, team):
    client.force_login(stranger)
    assert client.get("/@crew/").context["may_leave"] is False
    client.force_login(mate)
    assert client.get("/@crew/").context["may_leave"] is True

    answer = client.post("/@crew/-/leave/")

    assert outcome(answer) == (302, "/teams/", [("ok", "You left.")])
    assert role_of(mate, team) is None


def test_the_last_admin_stays_and_is_told_why(admin, owner, team):
    answer = admin.post("/@crew/-/leave/")

    words = "owner is the last admin of crew. Make somebody else an admin first."
    assert outcome(answer) == (302, "/teams/", [("bad", words)])
    assert role_of(owner, team) == "admin"


def test_nobody_leaves_their_own_or_a_foreign_team(client, stranger, team):
    client.force_login(stranger)

    assert client.post("/@stranger/-/leave/").status_code == 404
    assert client.post("/@crew/-/leave/").status_code == 404


@pytest.mark.parametrize(
    "path", ["members/", "policy/", "services/", "overlaps/", "portfolio/", "services/ci/"]
)
def test_settings_are_403_for_members_and_404_for_strangers(path, client, owner, mate, stranger, team):
    create_service(actor=actor(owner), team=team, handle="ci")

    answers = []
    for account in (owner, mate, stranger):
        client.force_login(account)
        answers.append(client.get(f"/@crew/-/{path}").status_code)

    assert answers == [200, 403, 404]


def test_staff_administer_a_team_they_are_not_in(client, team):
    client.force_login(a_person("boss", staff=True))

    assert client.get(MEMBERS).status_code == 200


def test_an_invitation_is_sent_and_its_link_shown_once(admin, owner, team):
    answer = admin.post(f"{MEMBERS}invite/", {"email": "Ann@Example.org", "role": "reviewer"})

    link = re.search(r"http://\S+?/invitations/[\w-]+/", answer.content.decode()).group()
    (letter,) = mail.outbox
    assert (letter.to, letter.subject) == (["ann@example.org"], "[SkillHub] Join crew")
    assert link in letter.body
    assert link not in admin.get(MEMBERS).content.decode()
    invitation = Invitation.objects.get()
    assert (invitation.email, invitation.role, invitation.team) == ("ann@example.org", "reviewer", team)


@pytest.mark.parametrize(
    "form", [{}, {"email": "nobody", "role": "member"}, {"email": "a@b.ch", "role": "boss"}]
)
def test_an_invitation_that_cannot_be_sent_shows_the_form_again(form, admin):
    answer = admin.post(f"{MEMBERS}invite/", form)

    assert answer.status_code == 400
    assert answer.context["form"].errors != {}
    assert mail.outbox == []
    assert not Invitation.objects.exists()


def test_nobody_is_invited_into_a_personal_team(admin):
    answer = admin.post("/@owner/-/members/invite/", {"email": "a@b.ch", "role": "member"})

    assert answer.status_code == 400
    assert "A personal team has one member." in answer.content.decode()
    assert not Invitation.objects.exists()


def test_an_invitation_is_accepted_by_a_button_and_not_by_looking(client, owner, stranger, team):
    _, secret = invite(actor=actor(owner), team=team, email="stranger@example.org", role="member")
    client.force_login(stranger)
    client.get(f"/invitations/{secret}/")
    assert role_of(stranger, team) is None

    answer = client.post(f"/invitations/{secret}/")

    assert outcome(answer) == (302, "/@crew/", [("ok", "Welcome to crew.")])
    assert role_of(stranger, team) == "member"
    assert client.get(f"/invitations/{secret}/")["Location"] == "/@crew/"


def test_an_invitation_lifts_nobody_who_is_in_already(client, owner, mate, team):
    _, secret = invite(actor=actor(owner), team=team, email="m@example.org", role="admin")
    client.force_login(mate)

    client.post(f"/invitations/{secret}/")

    assert role_of(mate, team) == "reviewer"


def test_an_invitation_that_was_withdrawn_says_so(admin, owner, stranger, team):
    invitation, secret = invite(actor=actor(owner), team=team, email="s@example.org", role="member")

    answer = admin.post(f"{MEMBERS}invitations/{invitation.pk}/revoke/")

    assert outcome(answer) == (302, MEMBERS, [("ok", "The invitation was withdrawn.")])
    admin.force_login(stranger)
    page = admin.get(f"/invitations/{secret}/")
    assert page.status_code == 404
    assert "used, withdrawn or is too old" in page.content.decode()


def test_an_invitation_of_another_team_is_not_withdrawn_here(admin, stranger):
    others = a_team("others", admin=stranger)
    invitation, _ = invite(actor=actor(stranger), team=others, email="s@example.org", role="member")

    answer = admin.post(f"{MEMBERS}invitations/{invitation.pk}/revoke/")

    assert answer.status_code == 404
    invitation.refresh_from_db()
    assert invitation.is_open


def test_a_role_is_given_and_taken(admin, mate, team):
    answer = admin.post(f"{MEMBERS}role/", {"account": "mate", "role": "admin"})
    assert outcome(answer) == (302, MEMBERS, [("ok", "Saved.")])
    assert role_of(mate, team) == "admin"

    admin.post(f"{MEMBERS}role/", {"account": "mate", "role": ""})

    assert role_of(mate, team) is None
    acts = Event.objects.filter(act="team.role").order_by("pk").values_list("target", "detail")
    assert [(target, detail["before"], detail["after"]) for target, detail in acts] == [
        ("mate", "reviewer", "admin"),
        ("mate", "admin", ""),
    ]


@pytest.mark.parametrize(
    "form", [{"account": "mate", "role": "boss"}, {"account": "ghost", "role": "member"}, {"role": "member"}]
)
def test_an_unknown_role_or_person_is_nothing_to_save(form, admin, mate, team):
    assert admin.post(f"{MEMBERS}role/", form).status_code == 404

    assert role_of(mate, team) == "reviewer"


def test_a_service_account_becomes_no_reviewer(admin, owner, team):
    service = create_service(actor=actor(owner), team=team, handle="ci")

    answer = admin.post(f"{MEMBERS}role/", {"account": "ci", "role": "reviewer"})

    words = "Service accounts are members, never reviewers or admins."
    assert outcome(answer) == (302, MEMBERS, [("bad", words)])
    assert role_of(service, team) == "member"


def test_a_policy_is_saved_and_told_in_sentences(admin, team):
    answer = admin.post("/@crew/-/policy/", POLICY)

    assert outcome(answer) == (302, "/@crew/-/policy/", [("ok", "The policy was saved.")])
    team.policy.refresh_from_db()
    assert (team.policy.approvals_needed, team.policy.self_approval, team.policy.scan_gate) == (
        2,
        True,
        False,
    )
    assert team.policy.minimum_lift is None
    assert any("2 " in line or "two" in line.lower() for line in admin.get("/@crew/").context["policy"])


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("approvals_needed", "0"),
        ("approvals_needed", "6"),
        ("approvals_needed", ""),
        ("minimum_lift", "-1"),
        ("minimum_lift", "101"),
        ("minimum_lift", "much"),
        ("standard_cases", "0"),
        ("standard_repeats", "11"),
        ("standard_models", "nobody's"),
        ("inferiority_margin", "51"),
    ],
)
def test_a_policy_outside_its_limits_is_refused_and_kept_as_it_was(field, value, admin, team):
    answer = admin.post("/@crew/-/policy/", POLICY | {field: value})

    assert answer.status_code == 400
    assert list(answer.context["form"].errors) == [field]
    team.policy.refresh_from_db()
    assert (team.policy.approvals_needed, team.policy.self_approval) == (1, False)


@pytest.fixture
def a_model(db):
    provider = Provider.objects.create(name="Own", kind="openai")
    return PortfolioModel.objects.create(provider=provider, name="haiku-4", label="haiku")


@pytest.mark.parametrize("lift", ["0", "100"])
def test_a_least_lift_may_be_anything_from_nothing_to_everything(lift, admin, team):
    admin.post("/@crew/-/policy/", POLICY | {"minimum_lift": lift})

    team.policy.refresh_from_db()
    assert team.policy.minimum_lift == int(lift)


def test_a_policy_names_the_evaluation_that_its_gates_need(admin, owner, team, a_model):
    plan = {"evals_required": "on", "standard_cases": "8", "standard_models": [a_model.label]}

    admin.post("/@crew/-/policy/", POLICY | plan)

    team.policy.refresh_from_db()
    assert team.policy.standard_models == ["haiku"]
    assert (team.policy.standard_cases, team.policy.standard_repeats) == (8, 3)
    words = "An evaluation counts with 8 cases and 3 repeats on haiku."
    assert words in admin.get("/@crew/").context["policy"]
    answer = admin.get("/api/v1/teams/crew", headers=bearer(owner)).json()
    assert answer["policy"]["standard_models"] == ["haiku"]
    assert words in answer["policy"]["sentences"]


def test_a_model_that_is_renamed_keeps_its_place_in_the_policy(admin, team, a_model):
    admin.post("/@crew/-/policy/", POLICY | {"standard_models": [a_model.label]})
    staff = a_person("boss", staff=True)

    save_model(
        actor=actor(staff), provider=a_model.provider, name=a_model.name, label="haiku 5", model=a_model
    )

    team.policy.refresh_from_db()
    assert team.policy.standard_models == ["haiku 5"]


def test_the_words_about_a_team_are_changed(admin, team):
    answer = admin.post("/@crew/-/about/", {"name": " The crew ", "description": "We sail."})

    assert outcome(answer) == (302, "/@crew/-/policy/", [("ok", "Saved.")])
    team.refresh_from_db()
    assert (team.name, team.description) == ("The crew", "We sail.")


@pytest.mark.parametrize("name", ["", "x" * 81])
def test_a_team_without_a_fitting_name_keeps_the_one_it_has(name, admin, team):
    answer = admin.post("/@crew/-/about/", {"name": name})

    words = "A team needs a name of at most 80 characters."
    assert outcome(answer) == (302, "/@crew/-/policy/", [("bad", words)])
    team.refresh_from_db()
    assert team.name == "Crew"


def test_a_service_account_is_made_for_the_team(admin, team):
    answer = admin.post("/@crew/-/services/", {"handle": "crew-ci", "name": "Builds"})

    words = "The service account exists; give it a token."
    assert outcome(answer) == (302, "/@crew/-/services/", [("ok", words)])
    service = Account.objects.get(username="crew-ci")
    assert (service.service_of, service.display_name, service.has_usable_password()) == (
        team,
        "Builds",
        False,
    )


def test_a_service_account_with_a_taken_handle_is_told(admin):
    answer = admin.post("/@crew/-/services/", {"handle": "mate"})

    assert answer.status_code == 400
    assert "The handle &#x27;mate&#x27; is taken. Choose another." in answer.content.decode()
    assert answer.context["form"]["handle"].value() == "mate", "what was typed stays"


def test_a_service_form_without_a_handle_is_shown_again(admin):
    answer = admin.post("/@crew/-/services/", {"name": "Builds"})

    assert answer.status_code == 400
    assert "Builds" in answer.content.decode()


def test_the_token_of_a_service_is_shown_once_and_cannot_review(admin, owner, team):
    service = create_service(actor=actor(owner), team=team, handle="ci")
    page = "/@crew/-/services/ci/"

    answer = admin.post(page, {"name": "deploys", "scopes": ["read", "publish"], "days": "1"})
    refused = admin.post(page, {"name": "deploys", "scopes": ["review"], "days": "1"})

    secret = re.search(r"skh_[\w-]{40,}", answer.content.decode()).group()
    assert secret not in admin.get(page).content.decode()
    assert refused.status_code == 400
    assert Token.objects.get(account=service).scopes == ["publish", "read"]


def test_a_service_account_is_switched_off_and_on(admin, owner, team):
    service = create_service(actor=actor(owner), team=team, handle="ci")

    answer = admin.post("/@crew/-/services/ci/active/", {"active": "0"})
    assert outcome(answer) == (302, "/@crew/-/services/", [("ok", "Saved.")])
    service.refresh_from_db()
    assert not service.is_active

    admin.post("/@crew/-/services/ci/active/", {"active": "1"})
    service.refresh_from_db()
    assert service.is_active


def test_a_person_is_no_service_account_of_a_team(admin, mate):
    assert admin.get("/@crew/-/services/mate/").status_code == 404
    assert admin.post("/@crew/-/services/mate/active/", {"active": "0"}).status_code == 404

    mate.refresh_from_db()
    assert mate.is_active


def test_members_are_listed_with_their_roles(admin, team):
    join(team, a_person("zoe"), "member")

    page = admin.get(MEMBERS).content

    assert [name for name in ("mate", "owner", "zoe") if name in " ".join(words_of(page, "table"))] == [
        "mate",
        "owner",
        "zoe",
    ]
