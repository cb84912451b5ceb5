"""If-None-Match as RFC 9110 has it."""

import pytest
from django.test import RequestFactory

from skills.http.conditional import etag, not_modified

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
