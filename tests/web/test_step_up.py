"""An old session asks before every act that widens power; every page that changes something has a row."""

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse

from skills.audit.models import Event
from skills.people.models import Account, Invitation, Membership, Policy, Token
from skills.portfolio.models import Provider
from skills.portfolio.provider_keys import decrypt_key
from skills.web.step_up import ASKS
from tests.factories import a_person
from tests.sessions import confirm, grow_old, is_asked
from tests.web import test_matrix
from tests.web.test_matrix import API_ROWS, FOREIGN, PROTOCOL_ROWS, ROWS, routes

world = test_matrix.world

# Pages that change something and go on in an old session, and why that is harmless.
GOES_ON = {
    # everyday work, which others look at before it counts
    "publish",
    "publish-pack",
    "upload",
    "upload-discard",
    "upload-evaluate",
    "version-evaluate",
    "version-cases",
    "version-draft",
    "version-benchmark",
    "review-comment",
    "review-resolve",
    "review-edit-comment",
    "review-apply",
    "review-edit",
    "version-edit",
    "review-send",
    "review-discard",
    "review-tick",
    "review-view",
    "run-again",
    "run-cancel",
    "run-resume",
    "run-overrule",
    "skill-hidden",
    "skill-report",
    "report-close",
    "provider-test",
    "models-discover",
    "model",
    "model-add",
    "provider-list",
    "models-add-listed",
    "team-portfolio",
    "team-alias",
    "team-alias-remove",
    "source-sync-now",
    "source-plan",
    # takes power away, or nothing but the reader's own comfort
    "review-withdraw",
    "token-revoke",
    "team-uninvite",
    "team-unreviewed-forget",
    "source-remove",
    "team-publisher-remove",
    "team-leave",
    "team-about",
    "team-new",
    "team-follow",
    "skill-star",
    "skill-follow",
    "account",
    "notices",
    "notifications",
    "usersessions_list",
    # asks for a secret itself: a code, a link, a password
    "setup",
    "invitation",
    "account_login",
    "account_logout",
    "account_signup",
    "account_reauthenticate",
    "account_change_password",
    "account_reset_password",
    "account_reset_password_from_key",
    "account_confirm_email",
    "account_confirm_login_code",
    "mfa_authenticate",
    "mfa_reauthenticate",
    "mfa_reauthenticate_webauthn",
    "socialaccount_signup",
    "openid_connect_callback",
}

# Acts of one address, told apart by what is sent or by its last part: they go on, though others there ask.
HARMLESS_PARTS = [
    *(("skill-change", f"{test_matrix.QUIET}settings/{what}/") for what in ("rename", "deprecate", "labels")),
    ("version-change", f"{test_matrix.QUIET}v/1.0.0/change/yank/"),
]
ASKING_PARTS = [
    *(
        ("skill-change", f"{test_matrix.QUIET}settings/{what}/")
        for what in ("visibility", "transfer", "maintainer")
    ),
    *(("version-change", f"{test_matrix.QUIET}v/1.0.0/change/{what}/") for what in ("remove", "unyank")),
]
BY_PARTS = {name for name, _ in ASKING_PARTS}
FOREIGN_PARTS = {
    "account_confirm_email": ["key"],
    "account_reset_password_from_key": ["1", "key"],
    "mfa_edit_webauthn": [1],
    "mfa_remove_webauthn": [1],
    "openid_connect_login": ["sso"],
    "openid_connect_callback": ["sso"],
}
GET_ASKS = {
    "mfa_activate_totp": "",
    "mfa_add_webauthn": "",
    "mfa_view_recovery_codes": "",
    "mfa_download_recovery_codes": "",
    "openid_connect_login": "?process=connect",
}


def path_of(name: str, facts: dict) -> str:
    """An address of the page called NAME."""
    if name.startswith(FOREIGN):
        return reverse(name, args=FOREIGN_PARTS.get(name, ())) + GET_ASKS.get(name, "")
    return ROWS[name].path.format(**facts)


def pages() -> set[str]:
    return routes() - set(API_ROWS) - set(PROTOCOL_ROWS) | {"cli-device", "cli-auth"}


@pytest.fixture
def facts(world, client) -> dict:
    """Parts of addresses; CLIENT is somebody who may do everything, in an old session."""
    people, facts = world
    people["boss"] = Account.objects.get(username="second-admin")
    client.force_login(people["boss"])
    grow_old(client)
    return facts


def acts_that_ask(facts: dict) -> list[tuple[str, str]]:
    whole = [(name, path_of(name, facts)) for name in sorted(set(ASKS) - BY_PARTS)]
    return whole + ASKING_PARTS


def test_every_page_that_takes_a_form_has_a_row(facts, client):
    # Signed out, everything would lead to the sign-in page.
    silent = sorted(pages() - set(ASKS), key=lambda name: name == "account_logout")

    takes_forms = {name for name in silent if client.post(path_of(name, facts)).status_code != 405}

    assert set(ASKS) <= pages()
    assert takes_forms == GOES_ON


def test_every_act_that_widens_power_asks_in_an_old_session_and_changes_nothing(facts, client):
    before = Event.objects.count(), Token.objects.count(), Membership.objects.count()

    acts = acts_that_ask(facts)
    asked = [path for name, path in acts if is_asked(client.post(path))]

    assert asked == [path for _, path in acts]
    assert len(asked) >= 35
    assert before == (Event.objects.count(), Token.objects.count(), Membership.objects.count())


def test_a_page_that_shows_a_secret_asks_before_it_opens(facts, client):
    silent = [name for name in GET_ASKS if not is_asked(client.get(path_of(name, facts)))]

    assert silent == []


def test_what_takes_power_away_and_everyday_work_go_on_in_an_old_session(facts, client):
    # Two lead to the password page by themselves: the other ways to confirm are not set up.
    apart = {"account_logout", "team-leave", "mfa_reauthenticate", "mfa_reauthenticate_webauthn"}
    paths = [path_of(name, facts) for name in sorted(GOES_ON - apart)]
    paths += [path for _, path in HARMLESS_PARTS]

    assert [path for path in paths if is_asked(client.post(path))] == []


def test_a_page_that_may_be_changed_opens_in_an_old_session(facts, client):
    opened = {name: path_of(name, facts) for name in ("tokens", "team-policy", "models", "budget", "people")}

    assert {name: client.get(path).status_code for name, path in opened.items()} == dict.fromkeys(opened, 200)


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_no_session_writes_through_the_api(facts, client, method):
    paths = [row.path.format(**facts) for row in API_ROWS.values()]

    answers = {path: getattr(client, method)(path).status_code for path in paths}

    assert set(answers.values()) <= {403, 404, 405}, answers


def old_session(client, account) -> None:
    client.force_login(account)
    grow_old(client)


def test_an_act_goes_on_with_what_was_typed_after_the_password(client, owner, team):
    old_session(client, owner)

    asked = client.post("/@crew/-/members/invite/", {"email": "new@example.org", "role": "reviewer"})
    done = confirm(client, asked)

    assert is_asked(asked)
    assert done.status_code == 200 and b"/invitations/" in done.content
    assert Invitation.objects.get(team=team).role == "reviewer"


def test_a_policy_is_saved_after_the_password_and_leads_back_to_its_page(client, owner, team):
    old_session(client, owner)

    asked = client.post("/@crew/-/policy/", {"approvals_needed": "3", "scan_gate": "on"})
    done = confirm(client, asked)

    assert done["Location"] == "/@crew/-/policy/"
    assert Policy.objects.get(team=team).approvals_needed == 3


def test_one_confirmation_is_enough_for_the_next_acts(client, owner, team):
    old_session(client, owner)
    confirm(client, client.post("/account/tokens/", {"name": "one", "scopes": "read", "days": "30"}))

    again = client.post("/account/tokens/", {"name": "two", "scopes": "read", "days": "30"})

    assert again.status_code == 200
    assert Token.objects.filter(account=owner).count() == 2


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("/account/tokens/", {"name": "one", "scopes": "read", "days": "30"}),
        ("/@crew/-/policy/", {"approvals_needed": "99"}),
        ("/@crew/-/services/", {"handle": "NOT A HANDLE"}),
    ],
)
def test_a_form_on_the_page_after_the_password_is_sent_to_its_own_address(client, owner, team, path, form):
    """The browser still stands at the address of the password."""
    old_session(client, owner)

    page = confirm(client, client.post(path, form)).content.decode()

    assert f'action="{path}"' in page


def test_a_wrong_password_does_nothing(client, owner, team):
    old_session(client, owner)
    asked = client.post("/account/tokens/", {"name": "one", "scopes": "review", "days": "30"})

    client.post(asked["Location"], {"password": "not this one"})

    assert not Token.objects.exists()


def test_what_waits_for_the_password_lies_encrypted(client, db):
    staff = a_person("staff", staff=True)
    old_session(client, staff)
    form = {"name": "House", "kind": "openai", "secret": "sk-quite-secret-key", "enabled": "on"}

    asked = client.post("/models/", form)
    kept = repr(Session.objects.get(pk=client.session.session_key).get_decoded())
    confirm(client, asked)

    assert "sk-quite-secret-key" not in kept
    assert decrypt_key(Provider.objects.get().secret) == "sk-quite-secret-key"


def test_a_confirmation_for_another_page_does_not_repeat_what_was_typed_before(client, owner, team):
    old_session(client, owner)
    client.post("/account/tokens/", {"name": "one", "scopes": "read", "days": "30"})

    client.post("/account/reauthenticate/?next=/teams/", {"password": "correct horse battery"})

    assert not Token.objects.exists()


def test_the_address_after_a_confirmation_elsewhere_confirms_nothing(client, owner, team):
    old_session(client, owner)
    client.post("/account/tokens/", {"name": "one", "scopes": "read", "days": "30"})

    answer = client.get("/account/sso/confirmed/?next=/account/tokens/")

    assert answer["Location"] == "/"
    assert not Token.objects.exists()


def test_a_form_without_its_token_is_refused_before_it_is_kept(owner, team):
    from django.test import Client

    strict = Client(enforce_csrf_checks=True)
    old_session(strict, owner)

    answer = strict.post("/account/tokens/", {"name": "one", "scopes": "read", "days": "30"})

    assert answer.status_code == 403
    assert "account_reauthentication_state" not in strict.session


def test_an_account_that_has_no_way_to_confirm_is_told_so(client, owner, settings):
    settings.SSO_ISSUER = ""
    owner.set_unusable_password()
    owner.save()
    old_session(client, owner)

    answer = client.post("/account/tokens/", {"name": "one", "scopes": "read", "days": "30"})

    assert answer.status_code == 403
    assert b"no password to confirm it with" in answer.content


@pytest.mark.parametrize("first", [True, False])
def test_a_sign_in_of_a_moment_ago_counts(client, owner, team, first):
    if first:
        client.post("/account/login/", {"login": "owner", "password": "correct horse battery"})
    else:
        client.force_login(owner)

    answer = client.get("/account/two-factor/totp/activate/")

    assert answer.status_code == 200
