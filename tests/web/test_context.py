"""What every page gets: who looks, and what waits for them."""

import pytest
from django.test import RequestFactory

from skillhub import __version__
from skills.notices.models import Kind, Notice
from skills.people.actor import VISITOR
from skills.web.context import page
from tests.factories import a_person, a_version, actor, join

pytestmark = pytest.mark.django_db


def facts(account=None):
    request = RequestFactory().get("/")
    request.actor = actor(account)
    return page(request)


def test_a_visitor_costs_no_query(django_assert_num_queries):
    with django_assert_num_queries(0):
        found = facts()

    assert found == {"actor": VISITOR, "hub_version": __version__, "nav": "", "searching": False}


def test_a_page_that_failed_before_anybody_was_known_is_that_of_a_visitor():
    assert page(RequestFactory().get("/"))["actor"] is VISITOR


def test_notices_count_until_they_are_read_and_only_ones_own(owner, mate):
    Notice.objects.create(account=owner, kind=Kind.COMMENTED, text="a", url="/")
    Notice.objects.create(account=mate, kind=Kind.COMMENTED, text="b", url="/")
    assert facts(owner)["unread"] == 1

    Notice.objects.filter(account=owner).update(read_at="2026-01-01T00:00Z")

    assert facts(owner)["unread"] == 0
    assert facts(mate)["unread"] == 1


def test_reviews_wait_for_reviewers_and_not_for_the_author(owner, mate, stranger, team):
    member = a_person("member")
    join(team, member, "member")
    a_version(owner, team)

    assert facts(mate)["waiting"] == 1
    assert facts(owner)["waiting"] == 0
    assert facts(member)["waiting"] == 0
    assert facts(stranger)["waiting"] == 0


@pytest.mark.parametrize(
    ("staff", "auditor", "audit", "reports"),
    [(True, False, True, True), (False, True, True, True), (False, False, False, True)],
)
def test_doors_of_the_bar_follow_the_office(staff, auditor, audit, reports):
    """Everybody administers a personal team, so reports are open to every person."""
    found = facts(a_person("someone", staff=staff, auditor=auditor))

    assert (found["audit_open"], found["reports_open"]) == (audit, reports)


def test_a_service_account_is_offered_neither_audit_nor_reports(owner, team):
    from skills.people.teams import create_service

    service = create_service(actor=actor(owner), team=team, handle="ci")

    found = facts(service)

    assert (found["audit_open"], found["reports_open"], found["waiting"]) == (False, False, 0)
