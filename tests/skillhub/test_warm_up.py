"""What a process does once after its start, so that the first publisher does not wait for it."""

import logging

import pytest

from skillhub import warm_up
from skills.lib import limited


@pytest.mark.parametrize("work", [warm_up.warm_web, warm_up.warm_worker])
def test_a_warm_process_has_a_reader_ready(work, caplog):
    limited._end_children()

    with caplog.at_level(logging.WARNING):
        warm_up.in_thread(work).join()

    assert [child.jobs for child in limited._children()._idle] == [1]
    assert caplog.records == []


def test_a_process_lives_on_where_it_cannot_be_warm(caplog):
    def fail():
        raise OSError("no more processes")

    warm_up.in_thread(fail).join()

    assert [record.message for record in caplog.records] == ["not warm"]
