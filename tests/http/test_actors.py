"""Who asks: by session, token or address; what a proxy and a forged header may say."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory
from rest_framework.request import Request

from skills.http.actors import ActorMiddleware, address, session_actor
from skills.http.token_auth import ActorAuthentication, actor_of, actor_of_prefix
from skills.lib.clock import now
from skills.lib.errors import Forbidden, Missing, Unauthenticated
from skills.people.actor import ALL_SCOPES, VISITOR
from skills.people.models import Token
from skills.people.tokens import create_token
from tests.factories import a_secret, a_team, actor


def request_of(user=None, method="GET", **headers):
    request = RequestFactory().generic(method, "/api/v1/me", headers=headers)
    request.user = user or AnonymousUser()
    return request


def with_token(account, *scopes, word="Bearer", **more):
    return request_of(authorization=f"{word} {a_secret(account, *scopes)}", **more)


@pytest.mark.parametrize(
    ("forwarded", "proxies", "found"),
    [
        ("", 0, "192.0.2.1"),
        ("203.0.113.9", 0, "192.0.2.1"),
        ("203.0.113.9", 1, "203.0.113.9"),
        ("198.51.100.1, 203.0.113.9", 1, "203.0.113.9"),
        ("198.51.100.1, 203.0.113.9", 2, "198.51.100.1"),
        ("203.0.113.9", 2, "192.0.2.1"),
        ("", 1, "192.0.2.1"),
    ],
)
def test_the_address_is_what_our_own_proxies_saw(forwarded, proxies, found):
    request = RequestFactory().get("/", headers={"X-Forwarded-For": forwarded}, REMOTE_ADDR="192.0.2.1")

    assert address(request, proxies) == found


@pytest.mark.parametrize(
    ("seen", "found"),
    [
        ("203.0.113.9:4711", "203.0.113.9"),
        ("[2001:db8::1]:4711", "2001:db8::1"),
        ("[2001:db8::1]", "2001:db8::1"),
        ("2001:DB8:0::1", "2001:db8::1"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("unknown", "192.0.2.1"),
        ("_hidden", "192.0.2.1"),
        ("203.0.113.9\r\nx", "192.0.2.1"),
        ("٢.٢.٢.٢", "192.0.2.1"),
        ("x" * 5000, "192.0.2.1"),
    ],
)
def test_an_address_comes_in_one_form_or_is_that_of_the_connection(seen, found):
    request = RequestFactory().get("/", REMOTE_ADDR="192.0.2.1")
    request.META["HTTP_X_FORWARDED_FOR"] = seen

    assert address(request, 1) == found


def test_a_caller_on_a_socket_file_has_an_address_too():
    assert address(RequestFactory().get("/", REMOTE_ADDR=""), 0) == "0.0.0.0"


def test_a_session_may_do_all_that_its_account_may(owner, team):
    found = session_actor(request_of(owner))

    assert (found.account, found.scopes, found.is_session) == (owner, ALL_SCOPES, True)
    assert found.roles[team.pk] == "admin"


def test_nobody_signed_in_is_a_visitor():
    assert session_actor(request_of()) is VISITOR


def test_a_session_of_a_deactivated_account_is_a_visitor(owner):
    owner.is_active = False

    assert session_actor(request_of(owner)) is VISITOR


def test_the_actor_costs_nothing_until_a_view_looks_at_it(owner, django_assert_num_queries):
    request = request_of(owner)

    with django_assert_num_queries(0):
        ActorMiddleware(lambda _: None)(request)
    with django_assert_num_queries(1):
        assert request.actor.account == owner


def test_a_token_acts_for_its_account_within_its_scopes(owner, team):
    found = actor_of(with_token(owner, "read", "publish"))

    assert (found.account, found.scopes) == (owner, frozenset({"read", "publish"}))
    assert not found.is_session


def test_a_token_that_names_teams_knows_no_others(owner, team):
    other = a_team("others", admin=owner)
    request = request_of(authorization=f"Bearer {a_secret(owner, 'read', team_limits=(other,))}")

    assert list(actor_of(request).roles) == [other.pk]


@pytest.mark.parametrize("word", ["Bearer", "bearer", "BEARER", "Token", "token"])
def test_a_token_comes_after_either_word(owner, word):
    assert actor_of(with_token(owner, "read", word=word)).account == owner


def test_a_token_goes_before_the_session_of_the_same_request(owner, mate):
    assert actor_of(with_token(mate, "read", user=owner)).account == mate


@pytest.mark.parametrize("header", ["Bearer", "Bearer ", "Bearer x", "Basic b3duZXI6eA==", "nonsense"])
def test_a_bad_token_is_refused_even_where_visitors_may_read(header, owner):
    for request in (request_of(authorization=header), request_of(owner, authorization=header)):
        with pytest.raises(Unauthenticated) as refusal:
            actor_of(request)
        assert refusal.value.problems[0].code == "bad_token"


@pytest.mark.parametrize("change", [{"revoked_at": now()}, {"expires_at": now()}])
def test_a_token_that_ended_is_refused(owner, change):
    request = with_token(owner, "read")
    Token.objects.update(created_at="2020-01-01T00:00Z", **change)

    with pytest.raises(Unauthenticated):
        actor_of(request)


def test_a_token_of_a_deactivated_account_is_refused(owner):
    request = with_token(owner, "read")
    type(owner).objects.update(is_active=False)

    with pytest.raises(Unauthenticated):
        actor_of(request)


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_a_session_reads(owner, method):
    assert actor_of(request_of(owner, method)).account == owner


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_a_session_does_not_write(owner, method):
    with pytest.raises(Forbidden) as refusal:
        actor_of(request_of(owner, method))

    assert refusal.value.problems[0].code == "token_needed"


def test_a_token_writes(owner):
    assert actor_of(with_token(owner, "publish", method="POST")).account == owner


def test_a_visitor_who_writes_is_told_by_the_act_itself():
    assert actor_of(request_of(method="POST")) is VISITOR


def test_rest_framework_hears_of_the_same_actor(owner):
    django_request = with_token(owner, "read")
    authentication = ActorAuthentication()

    user, _ = authentication.authenticate(Request(django_request))

    assert user == django_request.actor.account == owner
    assert authentication.authenticate_header(Request(django_request)) == 'Bearer realm="skillhub"'


def an_install_prefix(account):
    return create_token(actor=actor(account), owner=account, name="t", scopes=["read"], in_address=True)[1]


def test_an_install_prefix_reads_for_its_account(owner):
    found = actor_of_prefix(an_install_prefix(owner))

    assert (found.account, found.scopes) == (owner, frozenset({"read"}))


def test_a_token_for_headers_does_not_stand_in_an_address(owner):
    """An address ends up in logs and histories; a token that may write must not."""
    for secret in (a_secret(owner, "read"), a_secret(owner), "nonsense", ""):
        with pytest.raises(Missing):
            actor_of_prefix(secret)
