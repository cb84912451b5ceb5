"""Clean checks: one meaning for page, queue, gates and protocols."""

import pytest

from skills.lib.clock import now
from skills.protocols.clawhub.schemas import security
from skills.reviews import selectors as review_selectors
from skills.scans.checks.contract import Severity
from skills.scans.models import Finding, Scan, ScanState
from skills.scans.selectors import clean_scan_of
from skills.web.skill_sidebar import sidebar_of
from tests.factories import a_version, actor

pytestmark = pytest.mark.django_db


@pytest.fixture
def version(owner, team):
    return a_version(owner, team)


def find(version, severity, **more):
    return Finding.objects.create(scan=version.scan, rule="rule", severity=severity, text="Look.", **more)


def test_checks_without_a_finding_are_clean(version):
    assert clean_scan_of(version).exists()


@pytest.mark.parametrize("severity", [Severity.LOW, Severity.MEDIUM])
def test_a_lesser_finding_leaves_checks_clean(version, severity):
    find(version, severity)

    assert clean_scan_of(version).exists()


@pytest.mark.parametrize("severity", [Severity.HIGH, Severity.BLOCKING])
def test_a_serious_finding_does_not(version, severity):
    find(version, severity)

    assert not clean_scan_of(version).exists()


def test_a_waived_serious_finding_leaves_them_clean(version, mate):
    find(version, Severity.HIGH, waived_at=now(), waived_by=mate, waiver="It is meant.")

    assert clean_scan_of(version).exists()


@pytest.mark.parametrize("state", [ScanState.WAITING, ScanState.HELD])
def test_checks_that_did_not_finish_are_never_clean(version, state):
    Scan.objects.filter(version=version).update(state=state)

    assert not clean_scan_of(version).exists()


@pytest.mark.parametrize(
    ("severity", "clean"), [(Severity.LOW, True), (Severity.MEDIUM, True), (Severity.HIGH, False)]
)
def test_page_queue_and_protocol_agree(client, version, mate, severity, clean):
    find(version, severity)
    client.force_login(mate)

    sidebar = sidebar_of(version.skill, version, actor(mate))
    waiting = list(review_selectors.queue(actor(mate)))
    page = client.get("/reviews/").content.decode()

    assert sidebar.clean is clean
    assert (security(version)["status"] == "clean") is clean
    assert waiting == [version]
    assert ("clean: 1 finding" in page) is clean
