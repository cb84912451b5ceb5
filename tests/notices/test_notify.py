"""Who is told what: in the product, by e-mail, as they prefer, and never a service account."""

import pytest
from django.core import mail
from django.db import IntegrityError, transaction

from skills.jobs.models import Job
from skills.notices.models import Kind, Notice, NoticePreference
from skills.notices.notify import send, tell, tell_once
from skills.people import teams
from tests.factories import a_person, actor

URL = "/@crew/greet-people/"


def mails() -> list[dict]:
    return [job.arguments for job in Job.objects.filter(task="send_mail").order_by("pk")]


def prefer(account, kind=Kind.DECIDED, **places):
    NoticePreference.objects.create(account=account, kind=kind, **places)


def test_a_person_without_preferences_is_told_in_both_places(owner):
    tell([owner], Kind.DECIDED, "Your version was approved", URL)

    notice = Notice.objects.get()
    assert (notice.account, notice.kind, notice.text, notice.url) == (
        owner,
        "decided",
        "Your version was approved",
        URL,
    )
    assert notice.read_at is None
    assert mails() == [{"account_id": owner.pk, "text": "Your version was approved", "url": URL}]


def test_nobody_else_is_told(owner, mate):
    tell([owner], Kind.DECIDED, "Your version was approved", URL)

    assert not Notice.objects.filter(account=mate).exists()
    assert [arguments["account_id"] for arguments in mails()] == [owner.pk]


def test_telling_nobody_writes_nothing(db):
    tell([], Kind.DECIDED, "Your version was approved", URL)

    assert not Notice.objects.exists()
    assert mails() == []


def test_a_person_named_twice_is_told_once(owner):
    tell([owner, owner], Kind.DECIDED, "Your version was approved", URL)

    assert Notice.objects.count() == 1
    assert len(mails()) == 1


@pytest.mark.parametrize(("in_app", "by_email"), [(True, True), (True, False), (False, True), (False, False)])
def test_a_preference_decides_where_a_notice_goes(owner, in_app, by_email):
    prefer(owner, in_app=in_app, by_email=by_email)

    tell([owner], Kind.DECIDED, "Your version was approved", URL)

    assert Notice.objects.exists() is in_app
    assert bool(mails()) is by_email


def test_a_preference_of_one_kind_says_nothing_about_another(owner):
    prefer(owner, Kind.COMMENTED, in_app=False, by_email=False)

    tell([owner], Kind.DECIDED, "Your version was approved", URL)

    assert Notice.objects.count() == 1
    assert len(mails()) == 1


def test_a_preference_of_one_person_says_nothing_about_another(owner, mate):
    prefer(owner, in_app=False, by_email=False)

    tell([owner, mate], Kind.DECIDED, "Your version was approved", URL)

    assert [notice.account for notice in Notice.objects.all()] == [mate]
    assert [arguments["account_id"] for arguments in mails()] == [mate.pk]


def test_a_service_account_is_not_told(owner, team):
    service = teams.create_service(actor=actor(owner), team=team, handle="crew-ci")

    tell([service], Kind.DECIDED, "Your version was approved", URL)

    assert not Notice.objects.exists()
    assert mails() == []


def test_a_deactivated_person_is_not_told(owner):
    owner.is_active = False

    tell([owner], Kind.DECIDED, "Your version was approved", URL)

    assert not Notice.objects.exists()
    assert mails() == []


def test_a_person_without_an_address_reads_it_in_the_product_only(owner):
    owner.email = ""

    tell([owner], Kind.DECIDED, "Your version was approved", URL)

    assert Notice.objects.count() == 1
    assert mails() == []


def test_a_login_of_the_demo_gets_no_mail(owner):
    owner.is_demo = True

    tell([owner], Kind.DECIDED, "Your version was approved", URL)

    assert Notice.objects.count() == 1
    assert mails() == []


@pytest.mark.parametrize(("length", "kept"), [(299, 299), (300, 300), (301, 300)])
def test_a_notice_is_cut_where_its_column_ends(owner, length, kept):
    tell([owner], Kind.DECIDED, "x" * length, URL)

    assert len(Notice.objects.get().text) == kept


def test_the_same_news_waits_in_the_outbox_once(owner):
    tell([owner], Kind.DECIDED, "Your version was approved", URL)
    tell([owner], Kind.DECIDED, "Your version was approved", URL)

    assert len(mails()) == 1


def test_different_news_of_one_page_are_both_mailed(owner):
    tell([owner], Kind.DECIDED, "1.0.0 was approved", URL)
    tell([owner], Kind.DECIDED, "1.1.0 was approved", URL)

    assert [arguments["text"] for arguments in mails()] == ["1.0.0 was approved", "1.1.0 was approved"]


def test_an_act_that_is_rolled_back_tells_nobody(owner):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        tell([owner], Kind.DECIDED, "Your version was approved", URL)
        raise ZeroDivisionError

    assert not Notice.objects.exists()
    assert mails() == []


def test_a_mail_names_the_page_and_where_to_choose(owner, settings):
    settings.PUBLIC_URL = "https://skills.example"

    send(owner.pk, "Your version was approved", URL)

    (message,) = mail.outbox
    assert message.to == ["owner@example.org"]
    assert message.body == (
        "Your version was approved\n\nhttps://skills.example/@crew/greet-people/\n\n"
        "Choose what you hear of: https://skills.example/account/notifications/\n"
    )


def test_a_mail_begins_its_subject_with_the_name_of_the_instance(owner, settings):
    settings.ACCOUNT_EMAIL_SUBJECT_PREFIX = "[Skills] "

    send(owner.pk, "Your version was approved", URL)

    assert mail.outbox[0].subject == "[Skills] Your version was approved"


def test_a_subject_is_one_line_of_at_most_150_characters(owner, settings):
    settings.ACCOUNT_EMAIL_SUBJECT_PREFIX = ""

    send(owner.pk, "Bcc: everybody\r\nnext " + "x" * 200, URL)

    subject = mail.outbox[0].subject
    assert subject.startswith("Bcc: everybody next xxx")
    assert len(subject) <= 150
    assert mail.outbox[0].bcc == []


@pytest.mark.parametrize("change", [{"is_active": False}, {"email": ""}])
def test_a_mail_to_somebody_who_has_left_meanwhile_is_not_sent(owner, change):
    for name, value in change.items():
        setattr(owner, name, value)
    owner.save()

    send(owner.pk, "Your version was approved", URL)

    assert mail.outbox == []


def test_a_person_has_one_preference_for_each_kind(owner):
    prefer(owner)

    with pytest.raises(IntegrityError, match="one_preference_per_kind"), transaction.atomic():
        prefer(owner)
    prefer(owner, Kind.COMMENTED)
    prefer(a_person("third"))


def test_rows_name_themselves_in_logs(owner):
    notice = Notice(account=owner, kind=Kind.TEAM, text="You are a reviewer now")
    preference = NoticePreference(account=owner, kind=Kind.TEAM)

    assert str(notice) == "You are a reviewer now"
    assert str(preference) == f"{owner.pk}: team"


def test_the_same_news_is_told_once_wherever_the_hub_stands(owner, settings):
    settings.PUBLIC_PATH = "/tools"

    for _ in range(2):
        tell_once([owner], Kind.DECIDED, "Your version was approved", f"/tools{URL}")

    assert Notice.objects.get().url == URL
