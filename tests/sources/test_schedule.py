"""When a source is read again."""

from datetime import UTC, datetime, timedelta

from skills.sources.schedule import next_time, pause_after

AT = datetime(2026, 1, 1, tzinfo=UTC)


def test_each_failure_doubles_the_pause_up_to_a_day():
    minutes = [pause_after(failures) / timedelta(minutes=1) for failures in (1, 2, 3, 4, 9, 10, 30_000)]

    assert minutes == [5, 10, 20, 40, 1280, 1440, 1440]


def test_a_source_that_is_well_is_read_after_its_interval():
    assert next_time(minutes=60, failures=0, asked=False, at=AT) == AT + timedelta(hours=1)


def test_without_a_schedule_nothing_reads_it():
    assert next_time(minutes=0, failures=0, asked=False, at=AT) is None


def test_whoever_asked_meanwhile_gets_another_sync_at_once():
    assert next_time(minutes=0, failures=0, asked=True, at=AT) == AT


def test_one_that_fails_rests_also_when_somebody_asked():
    assert next_time(minutes=60, failures=2, asked=True, at=AT) == AT + timedelta(minutes=10)
