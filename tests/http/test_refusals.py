"""Every kind of refusal has its HTTP status."""

import pytest

from skills.api.v1.publish import TooLarge
from skills.http.refusals import TooMany, WrongMethod, status_of
from skills.http.throttling import LimiterAway
from skills.lib import errors
from skills.lib.errors import Problem

PROBLEM = Problem("code", "text")


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        (errors.Refused, 400),
        (errors.Unauthenticated, 401),
        (errors.Forbidden, 403),
        (errors.Missing, 404),
        (WrongMethod, 405),
        (errors.Conflict, 409),
        (errors.Gone, 410),
        (errors.Stale, 412),
        (errors.Unavailable, 503),
        (LimiterAway, 503),
    ],
)
def test_a_kind_has_its_status(kind, status):
    assert status_of(kind(PROBLEM)) == status


def test_a_refusal_that_only_http_knows_says_its_status_itself():
    assert status_of(TooLarge(PROBLEM)) == 413


def test_too_many_requests_are_429():
    assert status_of(TooMany(PROBLEM, {})) == 429


def test_a_refusal_knows_nothing_of_http():
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, Exception)]

    assert not [kind for kind in kinds if hasattr(kind, "status")]
