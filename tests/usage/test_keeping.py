"""Prompts and answers that a team keeps: never unasked, never unannounced, and read by few."""

from datetime import timedelta

import pytest

from skills.audit.models import Event
from skills.lib.clock import now
from skills.lib.errors import Forbidden, Missing, Refused
from skills.notices.models import Notice
from skills.people.actor import actor_for_token
from skills.people.models import Token
from skills.usage import keeping
from skills.usage.keeping import days_kept, keep_calls, keeper, read_kept
from skills.usage.kept_models import CallKeeping, KeptCall
from tests.factories import a_person, a_secret, a_team, actor, join
from tests.usage.making import a_kept_call, keeps

pytestmark = pytest.mark.django_db
LONG_AGO = timedelta(days=2)


def have_begun(team) -> None:
    """The day in which people hear of it is over."""
    CallKeeping.objects.filter(team=team).update(begins_at=now() - LONG_AGO)


def test_nothing_is_kept_unless_the_team_wishes_so(owner, team):
    a_kept_call(owner, team)

    assert (days_kept(team.pk), days_kept(None), KeptCall.objects.count()) == (0, 0, 0)


def test_to_keep_more_begins_a_day_after_everybody_was_told(owner, mate, team):
    keep_calls(actor=actor(owner), team=team, days=7)
    a_kept_call(mate, team)

    assert (days_kept(team.pk), keeper(team).next_days, KeptCall.objects.count()) == (0, 7, 0)
    told = Notice.objects.filter(kind="keeping", text__contains="for 7 days, from tomorrow on")
    assert {notice.account for notice in told} == {owner, mate}
    have_begun(team)
    assert days_kept(team.pk) == 7


def test_to_keep_less_works_at_once_and_for_what_is_there(owner, team):
    keeps(team, 30)
    call = a_kept_call(owner, team)

    keep_calls(actor=actor(owner), team=team, days=2)

    assert days_kept(team.pk) == 2
    assert KeptCall.objects.get().delete_at == call.at + timedelta(days=2)
    keep_calls(actor=actor(owner), team=team, days=0)
    assert (days_kept(team.pk), KeptCall.objects.count()) == (0, 0)


def test_a_wish_for_more_that_waits_ends_with_one_for_less(owner, team):
    keep_calls(actor=actor(owner), team=team, days=7)

    keep_calls(actor=actor(owner), team=team, days=0)
    have_begun(team)

    assert days_kept(team.pk) == 0


@pytest.mark.parametrize("days", [-1, 91])
def test_days_lie_between_none_and_ninety(days, owner, team):
    with pytest.raises(Refused):
        keep_calls(actor=actor(owner), team=team, days=days)


def test_only_admins_of_the_team_have_calls_kept(mate, team):
    with pytest.raises(Forbidden):
        keep_calls(actor=actor(mate), team=team, days=7)


def test_what_is_kept_lies_packed_and_encrypted(owner, team):
    keeps(team)
    a_kept_call(owner, team, asked=b"secret " * 1_000)

    sealed = bytes(KeptCall.objects.get().sealed)

    assert b"secret" not in sealed
    assert len(sealed) < 1_000


def test_a_person_reads_their_own_and_an_admin_leaves_a_row(owner, mate, team):
    keeps(team)
    call = a_kept_call(mate, team)

    own, by_admin = read_kept(actor(mate), call.pk), read_kept(actor(owner), call.pk)

    assert own[1] == by_admin[1]
    assert (own[1].asked, own[1].answered) == ("What is six by nine?", "Forty-two.")
    [row] = Event.objects.filter(act="kept_call.read")
    assert (row.actor_name, row.target, row.detail) == (owner.username, str(call.pk), {"of": mate.username})


def test_nobody_else_reads_a_call_not_even_staff_or_reviewers(owner, mate, stranger, team):
    keeps(team)
    call = a_kept_call(owner, team)
    other = a_team("other", admin=stranger)
    join(other, owner, "member")

    for reader in (mate, stranger, a_person("chief", staff=True), a_person("auditor", auditor=True)):
        with pytest.raises(Missing):
            read_kept(actor(reader), call.pk)
    with pytest.raises(Forbidden):
        keeping.kept_of_team(actor(a_person("boss", staff=True)), team)


@pytest.mark.parametrize(("scope", "refusal"), [("read", Forbidden), ("models", Forbidden)])
def test_a_token_without_the_scope_admin_reads_no_call(scope, refusal, owner, team):
    keeps(team)
    call = a_kept_call(owner, team)
    a_secret(owner, scope)

    with pytest.raises(refusal):
        read_kept(actor_for_token(Token.objects.get(account=owner)), call.pk)


def test_a_token_for_another_team_reads_no_call(owner, team):
    keeps(team)
    call = a_kept_call(owner, team)
    a_secret(owner, "admin", team_limits=[a_team("other", admin=owner)])

    with pytest.raises(Missing):
        read_kept(actor_for_token(Token.objects.get(account=owner)), call.pk)


def test_the_beat_deletes_what_is_over(owner, team):
    keeps(team)
    gone, there = a_kept_call(owner, team), a_kept_call(owner, team)
    KeptCall.objects.filter(pk=gone.pk).update(delete_at=now())

    with pytest.raises(Missing):
        read_kept(actor(owner), gone.pk)
    keeping.delete_kept()

    assert KeptCall.objects.get().pk == there.pk


def test_what_another_secret_key_encrypted_says_so(owner, team, settings):
    keeps(team)
    call = a_kept_call(owner, team)
    settings.SECRET_KEY = "another"

    with pytest.raises(Refused, match="another SECRET_KEY"):
        read_kept(actor(owner), call.pk)
