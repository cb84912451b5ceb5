"""Single sign-on against an OpenID Connect provider that speaks the real protocol."""

import time
from urllib.parse import parse_qs, urlsplit

import httpx
import oidc_provider_mock as provider
import pytest
from allauth.account.models import EmailAddress

from skillhub.checks import check_environment
from skills.audit.models import Event
from skills.people.models import Account, Team
from tests.factories import a_person, a_team, a_version

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.filterwarnings("ignore:get_jwt_config:DeprecationWarning"),  # inside the provider
]
START = "/account/sso/sso/login/"


@pytest.fixture(scope="module")
def issuer():
    with provider.run_server_in_thread() as server:
        yield f"http://localhost:{server.server_port}"


def configure(settings, url):
    app = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"][0]
    app = {**app, "client_id": "hub", "secret": "s3cret", "settings": {"server_url": url}}
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [app]}}


@pytest.fixture
def sso(issuer, settings):
    """Sets what the provider says about somebody, and is the way through its pages."""
    configure(settings, issuer)

    def through(client, subject, start=START, **claims):
        """What our callback answers after SUBJECT has signed in at the provider."""
        httpx.put(f"{issuer}/users/{subject}", json=claims).raise_for_status()
        there = client.get(start)
        assert there.status_code == 302, there.content
        back = httpx.post(there["Location"], data={"sub": subject})
        return client.get(urlsplit(back.headers["Location"])._replace(scheme="", netloc="").geturl())

    return through


def test_somebody_new_chooses_a_handle_and_comes_in(client, sso):
    asked = sso(client, "42", email="Ada.L@example.org", email_verified=True)
    assert asked["Location"] == "/account/sso/signup/"
    page = client.get(asked["Location"]).content.decode()
    assert 'value="ada-l"' in page

    done = client.post("/account/sso/signup/", {"username": "ada", "email": "forged@example.org"})

    assert done.status_code == 302
    ada = Account.objects.get(username="ada")
    assert (ada.email, ada.has_usable_password()) == ("ada.l@example.org", False)
    assert EmailAddress.objects.get(user=ada).verified
    assert Team.objects.get(personal_of=ada).handle == "ada"
    assert Event.objects.filter(act="account.open", target="ada").count() == 1
    assert "ada" in client.get("/account/").content.decode()


def test_a_handle_of_somebody_else_is_refused(client, sso):
    a_team("crew", admin=a_person("boss"))
    sso(client, "43", email="bo@example.org", email_verified=True)

    answer = client.post("/account/sso/signup/", {"username": "crew"})

    assert "is taken" in answer.content.decode()
    assert not Account.objects.filter(email="bo@example.org").exists()


def test_the_second_time_one_is_in_at_once(client, sso):
    for _ in range(2):
        answer = sso(client, "44", email="cy@example.org", email_verified=True)
        if answer["Location"] == "/account/sso/signup/":
            client.post("/account/sso/signup/", {"username": "cy"})
        client.post("/account/logout/")

    answer = sso(client, "44", email="other@example.org", email_verified=True)

    assert answer["Location"] == "/"
    assert client.get("/account/").context["actor"].account.username == "cy"


def test_a_verified_address_signs_in_to_its_account(client, sso):
    known = a_person("dee")
    Account.objects.filter(pk=known.pk).update(email="dee@example.org")
    EmailAddress.objects.create(user=known, email="dee@example.org", verified=True, primary=True)

    sso(client, "45", email="dee@example.org", email_verified=True)

    assert client.get("/account/").context["actor"].account == known


def test_who_waits_in_an_account_with_anothers_address_is_locked_out(client, sso):
    waiting = a_person("squatter")
    Account.objects.filter(pk=waiting.pk).update(email="fay@example.org")

    sso(client, "52", email="fay@example.org", email_verified=True)

    assert client.get("/account/").context["actor"].account == waiting
    waiting.refresh_from_db()
    assert not waiting.has_usable_password()


def test_an_unverified_address_opens_nothing(client, sso):
    known = a_person("eve")
    Account.objects.filter(pk=known.pk).update(email="eve@example.org")
    EmailAddress.objects.create(user=known, email="eve@example.org", verified=True, primary=True)

    answer = sso(client, "46", email="eve@example.org", email_verified=False)

    assert answer.status_code == 403
    assert "no verified e-mail address" in answer.content.decode()
    assert client.get("/account/").status_code == 302


def test_a_foreign_domain_is_refused(client, sso, settings):
    settings.SSO_DOMAINS = ["example.org"]

    assert sso(client, "47", email="f@example.org", email_verified=True).status_code == 302
    answer = sso(client, "48", email="f@example.com", email_verified=True)

    assert answer.status_code == 403
    assert "People at example.com do not sign in here." in answer.content.decode()


def test_a_deactivated_account_stays_out(client, sso):
    gone = a_person("gus")
    Account.objects.filter(pk=gone.pk).update(email="gus@example.org", is_active=False)
    EmailAddress.objects.create(user=gone, email="gus@example.org", verified=True, primary=True)

    sso(client, "49", email="gus@example.org", email_verified=True)

    assert client.get("/account/").status_code == 302


def test_a_provider_that_is_away_is_said(client, settings):
    configure(settings, "http://127.0.0.1:9")

    answer = client.get(START)

    assert answer.status_code == 503
    assert "The sign-in provider cannot be reached." in answer.content.decode()


def test_a_decision_after_a_while_is_confirmed_at_the_provider_and_goes_on(client, sso, settings):
    sso(client, "50", email="rae@example.org", email_verified=True)
    client.post("/account/sso/signup/", {"username": "rae"})
    rae = Account.objects.get(username="rae")
    author = a_person("author")
    team = a_team("crew", admin=a_person("boss"), reviewer=rae, members=(author,))
    version = a_version(author, team)
    settings.ACCOUNT_REAUTHENTICATION_TIMEOUT = 1
    time.sleep(1.1)
    decision = {"verdict": "request_changes", "reason": "Say more.", "digest": version.digest}

    asked = client.post(f"/reviews/{version.pk}/decide/", decision)
    settings.ACCOUNT_REAUTHENTICATION_TIMEOUT = 60
    page = client.get(asked["Location"])
    there = page.context["there"]

    other = sso(client, "51", start=there, email="zoe@example.org", email_verified=True)
    assert other.status_code == 403
    back = sso(client, "50", start=there, email="rae@example.org", email_verified=True)
    assert parse_qs(urlsplit(client.get(there)["Location"]).query)["prompt"] == ["login"]
    client.get(back["Location"])

    version.refresh_from_db()
    assert version.state == "changes_requested"


@pytest.mark.parametrize(
    ("issuer", "found"),
    [
        ("http://login.example.org", ["skillhub.E002"]),
        ("https://login.example.org", []),
        ("http://localhost:9", []),
    ],
)
def test_an_unsafe_issuer_is_found(issuer, found, settings):
    settings.SSO_ISSUER = issuer

    assert [one.id for one in check_environment() if one.id == "skillhub.E002"] == found
