"""Answers to requests that no thread is taken for, in the form that their address speaks."""

from http import HTTPStatus

from django.template.loader import render_to_string

from skillhub.front.answers import Answer
from skills.http.headers import POLICY
from skills.http.problems import problem_response
from skills.lib.errors import Problem

_MORE_HEADERS = {
    HTTPStatus.UNAUTHORIZED: (b"www-authenticate", b'Bearer realm="skillhub"'),
    HTTPStatus.SERVICE_UNAVAILABLE: (b"retry-after", b"5"),
}


class NotTaken(Exception):
    """The request is answered with STATUS and PROBLEM, and its connection is closed."""

    def __init__(self, status: HTTPStatus, problem: Problem) -> None:
        super().__init__(problem.text)
        self.status = status
        self.problem = problem


def too_large(most: int, *, is_known: bool) -> NotTaken:
    who = "" if is_known else " from somebody who is not signed in"
    text = f"At most {most:,} bytes are taken here{who}."
    remedy = "Send less." if is_known else "Send less, or sign in or send a token."
    return NotTaken(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, Problem("body_too_large", text, remedy))


def unknown() -> NotTaken:
    text = "The token or the session that came with this is not valid."
    problem = Problem("bad_token", text, "Sign in again, or make a new token under Account › Tokens.")
    return NotTaken(HTTPStatus.UNAUTHORIZED, problem)


def too_slow() -> NotTaken:
    text = "The request did not come in time."
    problem = Problem("body_too_slow", text, "Try again, on a faster connection.")
    return NotTaken(HTTPStatus.REQUEST_TIMEOUT, problem)


def busy() -> NotTaken:
    problem = Problem("busy", "Too many requests are waiting.", "Try again in a few seconds.")
    return NotTaken(HTTPStatus.SERVICE_UNAVAILABLE, problem)


def broken() -> NotTaken:
    text = "Something went wrong here."
    problem = Problem("broken", text, "Try again; if it stays so, tell whoever runs this.")
    return NotTaken(HTTPStatus.INTERNAL_SERVER_ERROR, problem)


def answer(refused: NotTaken, *, is_json: bool) -> Answer:
    """REFUSED as a problem document or as a page."""
    if is_json:
        response = problem_response(refused.status, refused.status.phrase, [refused.problem])
        kind, body = response.headers["Content-Type"], response.content
    else:
        context = {"problem": refused.problem, "status": refused.status.value}
        kind, body = "text/html; charset=utf-8", render_to_string("errors/not_taken.html", context).encode()
    headers = [
        (b"content-type", kind.encode()),
        (b"content-length", str(len(body)).encode()),
        (b"content-security-policy", POLICY.encode()),
        (b"cache-control", b"no-store"),
        (b"connection", b"close"),
    ]
    if refused.status in _MORE_HEADERS:
        headers.append(_MORE_HEADERS[refused.status])
    return Answer(refused.status, headers, body)
