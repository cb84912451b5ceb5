"""What a call said is kept where its team wishes so, and nowhere else."""

import time

import pytest

from skills.usage.keeping import read_kept
from skills.usage.kept_models import KeptCall
from tests.factories import actor
from tests.usage.making import keeps

pytestmark = pytest.mark.django_db


def kept(seconds=3) -> list[KeptCall]:
    """What is kept, once it is there: the client does not wait for it."""
    until = time.monotonic() + seconds
    while not KeptCall.objects.exists() and time.monotonic() < until:
        time.sleep(0.02)
    return list(KeptCall.objects.all())


def test_no_prompt_and_no_answer_is_kept(desk):
    desk.messages()

    assert kept(seconds=0.3) == []


@pytest.mark.parametrize("stream", [False, True])
def test_a_team_that_wishes_so_keeps_what_its_person_may_read(stream, desk):
    keeps(desk.team)
    answer = desk.messages(stream=stream, note="What is six by nine?")

    [call] = kept()
    _, text = read_kept(actor(desk.person), call.pk)

    assert call.pk == desk.hold.pk
    assert "six by nine" in text.asked
    assert text.answered == answer.text
    KeptCall.objects.all().delete()
