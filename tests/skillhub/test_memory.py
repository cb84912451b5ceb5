"""How many evaluations run side by side, by the memory that is there."""

import pytest

from skillhub.embedded.memory import runs_at_a_time

GIGABYTE = 1_000_000_000


@pytest.mark.parametrize(("gigabytes", "runs"), [(1, 1), (2, 1), (3.9, 1), (4.1, 2), (6.1, 4), (64, 4)])
def test_there_is_a_run_for_each_gigabyte_that_the_rest_leaves(tmp_path, gigabytes, runs):
    meminfo = tmp_path / "meminfo"
    meminfo.write_text(f"MemTotal: {int(gigabytes * GIGABYTE / 1024)} kB\nMemFree: 1 kB\n")

    assert runs_at_a_time(tmp_path / "none", meminfo) == runs


@pytest.mark.parametrize(("limit", "runs"), [(f"{4_100_000_000}\n", 2), ("max\n", 4)])
def test_the_limit_of_a_container_counts_where_it_is_lower(tmp_path, limit, runs):
    cgroup, meminfo = tmp_path / "memory.max", tmp_path / "meminfo"
    cgroup.write_text(limit)
    meminfo.write_text("MemTotal: 64000000 kB\n")

    assert runs_at_a_time(cgroup, meminfo) == runs


def test_where_nothing_is_known_one_runs(tmp_path):
    assert runs_at_a_time(tmp_path / "none", tmp_path / "neither") == 1
