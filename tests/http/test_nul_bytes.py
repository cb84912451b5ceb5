"""A NUL character is refused before anything asks the database, which keeps none."""

import json

import pytest
from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.test import RequestFactory

from skills.http.nul_bytes import NulMiddleware

ask = RequestFactory()


@pytest.fixture
def middleware():
    return NulMiddleware(lambda _: HttpResponse("answered"))


def exempt(_request):
    """A view of API or protocols."""


exempt.csrf_exempt = True


def page(_request):
    """A view of a page."""


@pytest.mark.parametrize("address", ["/", "/?q=a", "/?q=%20%C3%A9", "/?q=0%250"])
def test_ordinary_addresses_pass(middleware, address):
    assert middleware(ask.get(address)).content == b"answered"


@pytest.mark.parametrize("address", ["/?q=%00", "/search/?q=a%00b", "/?%00=x", "/api?q=%00"])
def test_a_page_with_a_nul_in_its_address_is_a_bad_request(middleware, address):
    with pytest.raises(BadRequest, match="%00"):
        middleware(ask.get(address))


def test_the_api_answers_with_a_problem(middleware):
    response = middleware(ask.get("/api/v1/search?q=a%00"))

    body = json.loads(response.content)
    assert (response.status_code, body["code"], body["remedy"]) == (400, "nul_character", "Leave it out.")


@pytest.mark.parametrize("data", [{"a": "x\0y"}, {"a": ["fine", "\0"]}])
def test_a_form_with_a_nul_is_a_bad_request(middleware, data):
    with pytest.raises(BadRequest, match="form"):
        middleware.process_view(ask.post("/", data), page, (), {})


@pytest.mark.parametrize("data", [{}, {"a": ""}, {"a": ["é", "0"]}])
def test_an_ordinary_form_passes(middleware, data):
    assert middleware.process_view(ask.post("/", data), page, (), {}) is None


def test_only_what_is_posted_to_pages_is_read(middleware):
    """Reading the body here would leave the parsers of the API none."""
    for request, view in ((ask.get("/", {"a": "\0"}), page), (ask.post("/", {"a": "\0"}), exempt)):
        assert middleware.process_view(request, view, (), {}) is None
        assert not hasattr(request, "_post")


@pytest.mark.django_db
@pytest.mark.parametrize(("address", "status"), [("/search/?q=%00", 400), ("/api/v1/search?q=%00", 400)])
def test_the_whole_site_answers_so(client, address, status):
    assert client.get(address).status_code == status
