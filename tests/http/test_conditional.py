"""If-None-Match as RFC 9110 has it; which caches may keep what."""

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from skills.http.conditional import immutable, not_modified, private
from skills.http.header_values import etag

TAG = etag("sha256:" + "ab" * 32)


def asked_with(**headers):
    return RequestFactory().get("/", headers=headers)


@pytest.mark.parametrize(
    "names",
    [TAG, f"W/{TAG}", f'"other", {TAG}', f'"other",{TAG}', f'W/"other" , W/{TAG}', "*"],
)
def test_a_named_tag_is_answered_with_304_and_the_tag(names):
    response = not_modified(asked_with(if_none_match=names), TAG)

    assert response.status_code == 304
    assert response.headers["ETag"] == TAG
    assert response.content == b""


@pytest.mark.parametrize("names", ['"other"', 'W/"other"', TAG.strip('"'), "", ",", '"', f"{TAG[:-2]}"])
def test_another_tag_or_no_tag_at_all_gets_the_bytes(names):
    assert not_modified(asked_with(if_none_match=names), TAG) is None


def test_a_request_without_a_condition_gets_the_bytes():
    assert not_modified(asked_with(), TAG) is None


def test_if_match_is_no_condition_of_a_read():
    assert not_modified(asked_with(if_match='"other"'), TAG) is None
    assert not_modified(asked_with(if_match='"other"', if_none_match=TAG), TAG) is None


@pytest.mark.parametrize(
    ("visibility", "scope"), [("public", "public"), ("internal", "private"), ("team", "private")]
)
def test_only_public_bytes_may_rest_in_shared_caches(visibility, scope):
    response = immutable(HttpResponse(b"x"), visibility, TAG)

    assert response.headers["Cache-Control"] == f"{scope}, max-age=31536000, immutable"
    assert response.headers["ETag"] == TAG


def test_an_answer_for_one_person_is_kept_by_nobody_else():
    response = private(HttpResponse(b"x"), TAG)

    assert response.headers["Cache-Control"] == "private, no-cache"
    assert response.headers["Vary"] == "Authorization, Cookie"
    assert response.headers["ETag"] == TAG


def test_a_private_answer_may_have_no_tag():
    assert "ETag" not in private(HttpResponse(b"x")).headers
