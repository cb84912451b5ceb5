"""Security headers: on every answer, and stricter ones stay."""

from django.http import HttpResponse
from django.test import RequestFactory

from skills.http.headers import FILE_POLICY, POLICY, SecurityHeadersMiddleware


def answered(response):
    return SecurityHeadersMiddleware(lambda _: response)(RequestFactory().get("/"))


def test_every_answer_gets_the_headers():
    headers = answered(HttpResponse()).headers

    assert headers["Content-Security-Policy"] == POLICY
    assert headers["Permissions-Policy"] == "camera=(), geolocation=(), microphone=()"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"


def test_a_policy_that_an_answer_has_already_stays():
    response = HttpResponse(headers={"Content-Security-Policy": FILE_POLICY})

    assert answered(response).headers["Content-Security-Policy"] == FILE_POLICY


def test_pages_run_our_scripts_only_and_no_site_frames_them():
    rules = dict(part.strip().split(" ", 1) for part in POLICY.split(";"))

    assert rules["default-src"] == "'none'"
    assert rules["script-src"] == rules["style-src"] == "'self'"
    assert rules["frame-ancestors"] == rules["base-uri"] == "'none'"
    assert not any(word in POLICY for word in ("unsafe", "*", "http:", "https:"))


def test_files_of_skills_may_load_and_run_nothing():
    assert FILE_POLICY == "default-src 'none'; sandbox; frame-ancestors 'none'"
