"""How many evaluations run side by side where the operator does not say."""

from pathlib import Path

_A_RUN = 1_000_000_000  # bytes for a process with the engine, its clients and the answers it works on
_THE_REST = 2_000_000_000  # bytes for the database, the web server, the worker and the embedding model
_MOST = 4
_CGROUP = Path("/sys/fs/cgroup/memory.max")
_MEMINFO = Path("/proc/meminfo")


def runs_at_a_time(cgroup: Path = _CGROUP, meminfo: Path = _MEMINFO) -> int:
    """One for each gigabyte beyond what the rest of the product needs: at least one, at most four."""
    left = _memory(cgroup, meminfo) - _THE_REST
    return max(1, min(_MOST, left // _A_RUN))


def _memory(cgroup: Path, meminfo: Path) -> int:
    """Bytes this machine, or the container this runs in, may use; 0 where neither says."""
    limits = [limit for limit in (_of_cgroup(cgroup), _of_machine(meminfo)) if limit]
    return min(limits, default=0)


def _of_cgroup(path: Path) -> int:
    try:
        text = path.read_text().strip()
    except OSError:
        return 0
    return int(text) if text.isdecimal() else 0  # "max" is no limit


def _of_machine(path: Path) -> int:
    try:
        lines = path.read_text().splitlines()
    except OSError:
        return 0
    kilobytes = next((line.split()[1] for line in lines if line.startswith("MemTotal:")), "0")
    return 1024 * int(kilobytes)
