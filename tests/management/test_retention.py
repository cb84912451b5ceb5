"""Which backups are kept: of each day, week and month the newest, and never fewer than one whole one."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from skills.management.backups import FACTS, name_of
from skills.management.retention import RetentionPolicy, kept, prune

NOON = datetime(2026, 11, 27, 12, tzinfo=UTC)  # a Friday


def a_backup(folder, moment, *, faults=(), is_sealed=False):
    facts = {
        "made_at": moment.isoformat(),
        "versions": 1,
        "blobs": 1,
        "faults": list(faults),
        "has_keys": False,
        "key_fingerprint": "",
    }
    path = folder / (name_of(moment) + (".age" if is_sealed else ""))
    if is_sealed:
        path.write_bytes(b"age-encryption.org/v1")
        path.with_name(f"{path.name}.json").write_text(json.dumps(facts))
    else:
        path.mkdir()
        (path / FACTS).write_text(json.dumps(facts))
    return path


def test_two_years_of_daily_backups_become_a_handful():
    moments = [NOON - timedelta(days=day) for day in range(730)]

    keep = kept(moments, RetentionPolicy(daily=7, weekly=4, monthly=12))

    assert {NOON - timedelta(days=day) for day in range(7)} <= keep
    assert len({moment.strftime("%Y-%m") for moment in keep}) == 12
    assert len(keep) <= 7 + 4 + 12


def test_of_one_day_the_newest_stays():
    morning, evening = NOON - timedelta(hours=6), NOON + timedelta(hours=6)

    assert kept([morning, NOON, evening], RetentionPolicy(daily=5, weekly=0, monthly=0)) == {evening}


@pytest.mark.parametrize("policy", [RetentionPolicy(0, 0, 0), RetentionPolicy(1, 1, 1)])
def test_the_newest_always_stays(policy):
    assert NOON in kept([NOON, NOON - timedelta(days=400)], policy)


def test_one_that_lacks_something_pushes_no_whole_one_out(tmp_path):
    whole = a_backup(tmp_path, NOON - timedelta(days=3))
    lacking = a_backup(tmp_path, NOON, faults=["crew/x@1.0.0: missing"])

    assert prune(tmp_path, RetentionPolicy(daily=1, weekly=0, monthly=0)) == []

    a_backup(tmp_path, NOON + timedelta(days=1))
    assert prune(tmp_path, RetentionPolicy(daily=1, weekly=0, monthly=0)) == [whole, lacking]


def test_sealed_ones_go_with_their_facts_and_other_files_stay(tmp_path):
    old = a_backup(tmp_path, NOON - timedelta(days=3), is_sealed=True)
    a_backup(tmp_path, NOON, is_sealed=True)
    (tmp_path / "notes.txt").write_text("mine")

    assert prune(tmp_path, RetentionPolicy(daily=1, weekly=0, monthly=0)) == [old]

    assert sorted(path.suffix for path in tmp_path.iterdir()) == [".age", ".json", ".txt"]
