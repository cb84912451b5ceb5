"""Signing in behind a proxy, and the e-mails that lead back: nobody is taken for somebody else."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.management import call_command
from django.core.management.base import CommandError

from skills.audit.models import Event
from skills.people.models import DEMO_PASSWORD
from tests.factories import PASSWORD, a_person, a_team
from tests.sessions import confirm, grow_old

LINK = re.compile(r"https?://\S+")
EVIL_HOST = "127.0.0.1:6666"  # the name is allowed, the port is the caller's
LIMITS = {"login": "60/m/ip", "login_failed": "10/m/ip,5/5m/key"}


@pytest.fixture
def _limits(settings, _clean_cache):
    settings.ACCOUNT_RATE_LIMITS = LIMITS


def attempt(client, login="owner", password="wrong", *, seen="203.0.113.9", **more):
    return client.post(
        "/account/login/",
        {"login": login, "password": password},
        headers={"X-Forwarded-For": seen},
        REMOTE_ADDR="127.0.0.1",
        **more,
    )


@pytest.mark.usefixtures("_limits")
def test_wrong_passwords_of_one_caller_lock_nobody_else_out_behind_a_proxy(client, owner, settings):
    settings.TRUSTED_PROXIES = 1
    for number in range(12):
        attempt(client, login=f"nobody-{number}")

    slowed = attempt(client, password=PASSWORD)
    innocent = attempt(client, password=PASSWORD, seen="198.51.100.7")

    assert slowed.status_code == 200
    assert innocent.status_code == 302


@pytest.mark.usefixtures("_limits")
def test_a_claimed_address_is_no_new_allowance(client, owner, settings):
    settings.TRUSTED_PROXIES = 1
    for number in range(12):
        attempt(client, login=f"nobody-{number}", seen=f"10.0.0.{number}, 203.0.113.9")

    assert attempt(client, password=PASSWORD).status_code == 200


@pytest.mark.usefixtures("_limits")
def test_another_port_in_the_host_header_is_no_new_allowance(client, owner, settings):
    settings.TRUSTED_PROXIES = 1
    for number in range(6):
        attempt(client, seen=f"203.0.113.{number}", HTTP_HOST=f"127.0.0.1:{6000 + number}")

    assert attempt(client, password=PASSWORD, seen="198.51.100.7").status_code == 200


def test_a_session_names_the_address_that_the_proxy_saw(client, owner, settings):
    settings.TRUSTED_PROXIES = 1

    attempt(client, password=PASSWORD)

    page = client.get("/account/sessions/", headers={"X-Forwarded-For": "203.0.113.9"})
    assert b"203.0.113.9" in page.content


def mails_to(client, address: str):
    """The page of the lost password asks for ADDRESS under a host of the caller's choice."""
    client.post("/account/password/reset/", {"email": address}, HTTP_HOST=EVIL_HOST)
    return mail.outbox


def links() -> list[str]:
    return [link for message in mail.outbox for link in LINK.findall(message.body)]


def assert_only_public_links():
    assert links() != []
    assert [link for link in links() if not link.startswith("https://hub.example/")] == []
    assert not any("6666" in message.body + message.subject for message in mail.outbox)


@pytest.fixture
def _public(settings):
    settings.PUBLIC_URL = "https://hub.example"
    settings.EMAIL_HOST = "mail.example"


@pytest.mark.usefixtures("_public")
@pytest.mark.parametrize("address", ["owner@example.org", "unknown@example.org"])
def test_a_link_for_a_new_password_leads_to_the_public_address(client, owner, settings, address):
    settings.OPEN_SIGNUP = True

    mails_to(client, address)

    assert len(mail.outbox) == 1
    assert_only_public_links()


@pytest.mark.usefixtures("_public")
def test_a_link_to_confirm_an_address_leads_to_the_public_address(client, owner):
    client.force_login(owner)

    client.post("/account/email/", {"action_add": "", "email": "new@example.org"}, HTTP_HOST=EVIL_HOST)

    assert_only_public_links()


@pytest.mark.usefixtures("_public")
def test_a_sign_up_with_a_known_address_is_told_by_a_public_link(client, owner, settings):
    settings.OPEN_SIGNUP, settings.ACCOUNT_EMAIL_VERIFICATION = True, "mandatory"
    EmailAddress.objects.create(user=owner, email=owner.email, verified=True, primary=True)
    form = {"username": "other", "email": owner.email, "password1": PASSWORD, "password2": PASSWORD}

    client.post("/account/signup/", form, HTTP_HOST=EVIL_HOST)

    assert_only_public_links()


@pytest.mark.usefixtures("_public")
def test_an_invitation_leads_to_the_public_address(client, owner):
    a_team("crew", admin=owner)
    client.force_login(owner)

    client.post("/@crew/-/members/invite/", {"email": "a@b.org", "role": "member"}, HTTP_HOST=EVIL_HOST)

    assert_only_public_links()


def test_without_a_mail_server_the_log_has_no_link(client, owner, settings, caplog, capfd):
    settings.EMAIL_BACKEND = "skillhub.mail.NoMailServer"

    page = client.get("/account/password/reset/")
    client.post("/account/password/reset/", {"email": owner.email})

    told = caplog.text + "".join(capfd.readouterr())
    assert "EMAIL_HOST is not set" in told
    assert "/account/password/reset/key/" not in told.replace("/account/password/reset/key/\u2026", "")
    assert b"password_link" in page.content


def test_whoever_runs_the_instance_prints_a_link_that_works_once(client, owner, settings, capsys):
    settings.PUBLIC_URL = "https://hub.example"

    call_command("password_link", "owner")

    link = LINK.search(capsys.readouterr().out).group()
    assert link.startswith("https://hub.example/account/password/reset/key/")
    form_page = client.get(link.removeprefix("https://hub.example"), follow=True)
    there = form_page.redirect_chain[-1][0]
    client.post(there, {"password1": "another long one 17", "password2": "another long one 17"})
    owner.refresh_from_db()
    assert owner.check_password("another long one 17")
    assert Event.objects.filter(act="account.password_link", target="owner").exists()
    assert b"Bad Token" in client.get(link.removeprefix("https://hub.example"), follow=True).content


def test_no_link_is_printed_for_who_does_not_exist(db):
    with pytest.raises(CommandError, match="no active person"):
        call_command("password_link", "nobody")


@pytest.mark.parametrize(
    "change",
    [
        {"PUBLIC_URL": "https://hub.example"},
        {"BEHIND_PROXY": True},
        {"TRUSTED_PROXIES": 1},
        {"LISTEN_HOST": "0.0.0.0"},
    ],
)
def test_a_demo_login_works_nowhere_but_on_this_machine(client, db, settings, change):
    demo = a_person("demo")
    demo.is_demo = True
    demo.set_password(DEMO_PASSWORD)
    demo.save()
    for name, value in change.items():
        setattr(settings, name, value)

    page = client.get("/account/login/").content.decode()
    client.post("/account/login/", {"login": "demo", "password": DEMO_PASSWORD})

    assert DEMO_PASSWORD not in page
    assert client.get("/account/").status_code == 302


def test_a_confirmation_is_counted_by_account_and_not_by_the_proxy(client, owner, settings):
    settings.TRUSTED_PROXIES = 1
    client.force_login(owner)
    grow_old(client)

    assert confirm(client, client.get("/account/two-factor/totp/activate/")).status_code == 302
