"""The log line and the figures of a request: enough to find it, no secret and no search in it."""

import logging

import pytest
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import ResolverMatch
from prometheus_client import REGISTRY

from skills.http.request_log import ObserveMiddleware, quiet_path


def observed(path="/search/?q=secret", route="search", status=200, method="GET"):
    request = RequestFactory().generic(method, path)
    if route:
        request.resolver_match = ResolverMatch(lambda: None, (), {}, url_name=route, route="search/")
    return request, ObserveMiddleware(lambda _: HttpResponse(status=status))(request)


@pytest.fixture(autouse=True)
def _every_line(caplog):
    caplog.set_level(logging.INFO, "skillhub.request")


def requests_counted(route, status):
    return REGISTRY.get_sample_value("skillhub_requests_total", {"route": route, "status": status}) or 0


def test_a_request_is_one_line_with_its_facts(caplog):
    request, response = observed(status=404, method="POST")

    (line,) = caplog.records
    assert (line.method, line.path, line.route, line.status) == ("POST", "/search/", "search", 404)
    assert line.milliseconds >= 0
    assert line.request_id == request.request_id == response.headers["X-Request-Id"]


def test_what_somebody_searched_for_is_not_logged(caplog):
    observed("/search/?q=my+illness")

    assert "illness" not in repr(vars(caplog.records[0]))


def test_each_request_has_an_id_of_its_own():
    ids = {observed()[1].headers["X-Request-Id"] for _ in range(3)}

    assert len(ids) == 3
    assert {len(name) for name in ids} == {16}


@pytest.mark.parametrize("route", ["healthz", "readyz", "metrics"])
def test_what_machines_ask_every_few_seconds_is_counted_and_not_logged(caplog, route):
    before = requests_counted(route, "200")

    observed(route=route)

    assert caplog.records == []
    assert requests_counted(route, "200") == before + 1


def test_figures_are_kept_by_route_and_status():
    before = requests_counted("search", "404")

    observed(status=404)
    observed(status=200)

    assert requests_counted("search", "404") == before + 1


def test_addresses_that_lead_nowhere_share_one_figure(caplog):
    """A name for each would let anybody fill the memory of the process."""
    before = requests_counted("none", "404")

    observed("/a-1", route=None, status=404)
    observed("/a-2", route=None, status=404)

    assert requests_counted("none", "404") == before + 2
    assert [line.route for line in caplog.records] == ["none", "none"]


@pytest.mark.parametrize(
    ("path", "logged"),
    [
        ("/k/skh_secret/registry", "/k/…"),
        ("/invitations/abc/", "/invitations/…"),
        ("/setup/abc/", "/setup/…"),
        ("/account/password/reset/key/1-abc/", "/account/password/reset/key/…"),
        ("/account/password/reset/", "/account/password/reset/"),
        ("/@crew/k/", "/@crew/k/"),
        ("/", "/"),
    ],
)
def test_the_secret_in_an_address_is_left_out(path, logged):
    assert quiet_path(path) == logged
