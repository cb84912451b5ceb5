"""What a page says after an act, and where it leads."""

import pytest
from django.contrib.messages import get_messages
from django.contrib.messages.storage.base import BaseStorage
from django.test import RequestFactory

from skills.lib.errors import Conflict, Forbidden, Missing, Problem, Refused, Unauthenticated, refuse
from skills.web.outcomes import back_to, go_back, tell_outcome


class InMemory(BaseStorage):
    """Messages that live as long as their request."""

    def _get(self, *args, **kwargs):
        return [], True

    def _store(self, messages, response, *args, **kwargs):
        return []


def posted(**fields):
    request = RequestFactory().post("/", fields)
    request._messages = InMemory(request)
    return request


def told(request):
    return [(message.level_tag, message.message) for message in get_messages(request)]


def test_an_act_that_went_well_is_told_once():
    request = posted()

    with tell_outcome(request, "Saved."):
        pass

    assert told(request) == [("ok", "Saved.")]


def test_every_problem_of_a_refusal_is_told_with_its_remedy():
    request = posted()

    with tell_outcome(request, "Saved."):
        raise Refused([Problem("a", "Too long.", "Cut it."), Problem("b", "Too late.")])

    assert told(request) == [("bad", "Too long. Cut it."), ("bad", "Too late.")]


def test_a_conflict_is_told_like_any_refusal():
    request = posted()

    with tell_outcome(request, "Saved."):
        raise refuse("taken", "It is taken.", kind=Conflict)

    assert told(request) == [("bad", "It is taken.")]


@pytest.mark.parametrize("kind", [Missing, Forbidden, Unauthenticated])
def test_what_may_not_be_seen_or_done_keeps_its_own_page(kind):
    request = posted()

    with pytest.raises(kind), tell_outcome(request, "Saved."):
        raise refuse("x", "Secret words.", kind=kind)

    assert told(request) == []


def test_a_fault_of_ours_is_not_dressed_as_an_outcome():
    request = posted()

    with pytest.raises(ZeroDivisionError), tell_outcome(request, "Saved."):
        _ = 1 / 0

    assert told(request) == []


@pytest.mark.parametrize(
    ("wanted", "leads"),
    [
        ("", "/default/"),
        ("/@crew/", "/@crew/"),
        ("/reviews/?tab=talk#here", "/reviews/?tab=talk#here"),
        ("reviews/", "/default/"),
        ("?tab=talk", "/default/"),
        ("//evil.example", "/default/"),
        ("///evil.example", "/default/"),
        ("/\\evil.example", "/default/"),
        ("http://testserver/", "/default/"),
        ("javascript:alert(1)", "/default/"),
    ],
)
def test_a_form_leads_back_to_pages_of_ours_only(wanted, leads):
    assert back_to(posted(next=wanted), "/default/") == leads


def test_going_back_takes_a_path_or_the_name_of_a_route():
    assert go_back(posted(), "/teams/")["Location"] == "/teams/"
    assert go_back(posted(), "team", "crew")["Location"] == "/@crew/"


def test_the_form_decides_before_the_default():
    response = go_back(posted(next="/notices/"), "team", "crew")

    assert (response.status_code, response["Location"]) == (302, "/notices/")


def test_a_line_break_in_an_address_makes_no_header():
    response = go_back(posted(next="/\r\nSet-Cookie: a=b"), "/")

    assert response["Location"] == "/"
    assert "Set-Cookie" not in response.headers
