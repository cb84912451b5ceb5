"""The limited child: honest work comes back as it was, and nothing that goes wrong in it comes out of it."""

import os
import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from skills.lib import limited
from skills.lib.errors import Unavailable
from skills.lib.limited import Limit, LimitReached, Limits, ReadingFailed, run_limited
from tests.lib import limited_jobs as jobs

LIMITS = Limits(processor_seconds=30, seconds=60)
MB = 1_000_000


def limits(**some) -> Limits:
    return Limits(**{"processor_seconds": 30, "seconds": 60, **some})


def the_child() -> int:
    return run_limited(LIMITS, jobs.who)


def test_the_answer_comes_back_as_its_type():
    assert run_limited(LIMITS, jobs.doubled, 21) == 42
    assert run_limited(LIMITS, jobs.joined, {"a": b"1", "b": b"2"}, by="; ") == "a=1; b=2"


def test_it_runs_in_another_process_which_is_used_again():
    assert the_child() != os.getpid()
    assert the_child() == the_child()


@pytest.mark.parametrize(
    ("job", "arguments", "narrow", "limit"),
    [
        (jobs.burn, ["a.md"], {"processor_seconds": 0.2}, Limit.PROCESSOR),
        (jobs.sleep, [60.0], {"seconds": 0.5}, Limit.TIME),
        (jobs.ignore_the_end, [], {"seconds": 0.5}, Limit.TIME),
        (jobs.fill_memory, [900], {"memory": 300 * MB}, Limit.MEMORY),
        (jobs.make, [3 * MB], {"answer": MB}, Limit.ANSWER),
        (jobs.kill_itself, [signal.SIGSEGV], {}, Limit.CRASH),
        (jobs.end_with, [0], {}, Limit.CRASH),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_what_reaches_a_limit_is_ended_and_the_limit_said(job, arguments, narrow, limit):
    before = the_child()

    with pytest.raises(LimitReached) as raised:
        run_limited(limits(**narrow), job, *arguments)

    assert raised.value.limit == limit
    if limit != Limit.ANSWER:
        assert the_child() != before
    assert run_limited(LIMITS, jobs.doubled, 4) == 8


def test_the_place_that_was_read_is_named():
    with pytest.raises(LimitReached) as raised:
        run_limited(limits(processor_seconds=0.1), jobs.burn, "references/größe.md")

    assert raised.value.place == "references/größe.md"
    assert "references/größe.md was not read within 0.1 s of processor time" in str(raised.value)


def test_each_job_has_its_own_processor_time():
    for _ in range(3):
        with pytest.raises(LimitReached):
            run_limited(limits(processor_seconds=0.1), jobs.burn, "a")

    assert run_limited(limits(processor_seconds=0.1), jobs.doubled, 1) == 2


def test_an_exception_is_a_fault_with_its_traceback():
    with pytest.raises(ReadingFailed, match="ValueError: of ours"):
        run_limited(LIMITS, jobs.fail, "of ours")


def test_a_child_that_was_killed_while_idle_is_replaced_unnoticed():
    os.kill(the_child(), signal.SIGKILL)

    assert run_limited(LIMITS, jobs.doubled, 21) == 42


def test_a_long_reading_gives_way_to_other_processes_and_the_next_one_does_not():
    usual = run_limited(LIMITS, jobs.niceness)
    before = the_child()

    run_limited(LIMITS, jobs.sleep, 0.6)

    assert the_child() != before
    assert run_limited(LIMITS, jobs.niceness) == usual


def test_nothing_of_ours_is_in_its_environment(monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "of sessions")
    monkeypatch.setenv("DATABASE_URL", "postgres://")
    limited._children().end_idle()

    found = run_limited(LIMITS, jobs.environment)

    assert set(found) <= {"PYTHONPATH", "PATH", "LANG", "LC_CTYPE", "LD_LIBRARY_PATH"}


@pytest.mark.django_db
def test_it_has_no_file_or_connection_of_ours_and_no_framework(tmp_path):
    from django.db import connection

    connection.ensure_connection()
    with (tmp_path / "ours").open("wb"):
        limited._children().end_idle()
        names = run_limited(LIMITS, jobs.open_files)

    sockets = [name for name in names if name.startswith("socket:")]
    assert len(sockets) == 1  # the one that it is asked over
    assert not [name for name in names if str(tmp_path) in name]
    assert "django" not in run_limited(LIMITS, jobs.loaded)


def test_it_cannot_write_files(tmp_path):
    with pytest.raises(ReadingFailed, match="File too large"):
        run_limited(LIMITS, jobs.write, str(tmp_path / "new"))


def test_threads_share_the_children_and_each_gets_its_own_answer():
    with ThreadPoolExecutor(3) as pool:
        answers = list(pool.map(lambda number: run_limited(LIMITS, jobs.doubled, number), range(60)))

    assert answers == [2 * number for number in range(60)]


def test_more_readers_than_there_may_be_are_refused_at_once(settings):
    settings.READERS = 1
    limited._children.cache_clear()
    slow = threading.Thread(target=run_limited, args=(LIMITS, jobs.sleep, 1.5))
    slow.start()
    time.sleep(0.2)
    started = time.monotonic()

    with pytest.raises(Unavailable):
        run_limited(LIMITS, jobs.doubled, 1)

    assert time.monotonic() - started < 1
    slow.join()
    limited._children.cache_clear()


def test_a_forked_process_starts_children_of_its_own():
    ours = the_child()
    read, write = os.pipe()
    forked = os.fork()
    if forked == 0:
        os.write(write, str(the_child()).encode())
        os._exit(0)
    os.waitpid(forked, 0)

    assert int(os.read(read, 20)) != ours
    assert the_child() == ours
    os.close(read)
    os.close(write)


def test_a_child_ends_with_its_process():
    read, write = os.pipe()
    forked = os.fork()
    if forked == 0:
        os.write(write, str(the_child()).encode())
        os._exit(0)
    os.waitpid(forked, 0)
    child = int(os.read(read, 20))

    until = time.monotonic() + 10
    while _runs(child) and time.monotonic() < until:
        time.sleep(0.05)
    assert not _runs(child)
    os.close(read)
    os.close(write)


def _runs(process: int) -> bool:
    status = Path(f"/proc/{process}/status")
    return status.exists() and "Z (zombie)" not in status.read_text()
