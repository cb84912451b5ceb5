"""What a page says after an act, and where it leads."""

import pytest
from django.contrib.messages import get_messages
from django.contrib.messages.storage.cookie import CookieStorage
from django.test import RequestFactory

from skills.lib.errors import Forbidden, Missing, Problem, Refused, Unauthenticated
from skills.web.outcomes import go_back, tell_outcome


def posted(**form):
    request = RequestFactory().post("/", form)
    request._messages = CookieStorage(request)
    return request


def words(request) -> list[tuple[str, str]]:
    return [(message.level_tag, str(message)) for message in get_messages(request)]


def test_an_act_that_was_done_is_told_as_success():
    request = posted()

    with tell_outcome(request, "Saved."):
        pass

    assert words(request) == [("ok", "Saved.")]


def test_each_problem_of_a_refusal_is_told_with_its_remedy():
    request = posted()

    with tell_outcome(request, "Saved."):
        raise Refused([Problem("one", "Too long.", "Cut it."), Problem("two", "Too late.")])

    assert words(request) == [("bad", "Too long. Cut it."), ("bad", "Too late.")]


@pytest.mark.parametrize("kind", [Missing, Forbidden, Unauthenticated])
def test_what_may_not_be_seen_is_not_told_but_raised(kind):
    request = posted()

    with pytest.raises(kind), tell_outcome(request, "Saved."):
        raise kind(Problem("code", "text"))

    assert words(request) == []


def test_a_fault_of_ours_is_no_outcome():
    with pytest.raises(ZeroDivisionError), tell_outcome(posted(), "Saved."):
        raise ZeroDivisionError


def test_a_form_leads_back_to_the_route_of_the_view():
    assert go_back(posted(), "provider", 7).headers["Location"] == "/models/7/"


def test_a_form_leads_to_the_page_it_names():
    assert go_back(posted(next="/teams/?cursor=x"), "models").headers["Location"] == "/teams/?cursor=x"


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "evil", "javascript:x", ""])
def test_a_form_never_leads_elsewhere(elsewhere):
    assert go_back(posted(next=elsewhere), "models").headers["Location"] == "/models/"
