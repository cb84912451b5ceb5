"""The child of `limited`: waits for a job, sets its limits, answers, waits again; ends with its parent.

It has no database, no settings and no environment of ours. Its arguments are the descriptor of its board and
the modules to import before the first job.
"""

import importlib
import math
import resource
import signal
import socket
import sys
import traceback
from collections.abc import Callable
from pathlib import Path

import msgspec

from skills.lib import progress
from skills.lib.limited_wire import Board, Frame, Order, Wire, WireClosed, arguments_of

_OPEN_FILES = 32
_LONGEST_FAULT = 20_000  # characters of a traceback
_ANY_SIZE = 1 << 62  # what the parent sends is its own


def main(board: int, modules: list[str]) -> None:
    # Ctrl-C in a terminal reaches the whole group, and the parent decides what ends.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    wire = Wire(socket.socket(fileno=0))
    for module in modules:
        importlib.import_module(module)
    _set_lasting_limits()
    progress.listen(Board(board).write)
    try:
        while True:
            _work(wire)
    except WireClosed:
        return


def _set_lasting_limits() -> None:
    """No core dumps, which would hold what was read; no writing to files; few open ones."""
    for which, most in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, _OPEN_FILES),
    ):
        resource.setrlimit(which, (most, most))


def _work(wire: Wire) -> None:
    """Do one job and answer it."""
    _, head = wire.receive(most=_ANY_SIZE)
    _, body = wire.receive(most=_ANY_SIZE)
    job = msgspec.msgpack.decode(head, type=Order)
    function: Callable[..., object] = getattr(importlib.import_module(job.module), job.function)
    _set_limits(job)
    try:
        arguments = msgspec.msgpack.decode(body, type=arguments_of(function))
        answer = msgspec.msgpack.encode(function(**msgspec.structs.asdict(arguments)))
    except MemoryError:
        wire.send((Frame.NO_MEMORY, b""))
    except Exception:  # noqa: BLE001 - raised again by the parent, with this traceback in it
        fault = traceback.format_exc()[-_LONGEST_FAULT:]
        wire.send((Frame.FAULT, fault.encode("utf-8", "replace")))
    else:
        if len(answer) > job.answer:
            wire.send((Frame.ANSWER_TOO_LARGE, b""))
        else:
            wire.send((Frame.ANSWER, answer))


def _set_limits(job: Order) -> None:
    """The limits of this job. The kernel counts from the start of the process, so what was used comes on top.

    Only the soft limits: they are raised again for the next job. The parent's deadline is behind them.
    """
    used = resource.getrusage(resource.RUSAGE_SELF)
    seconds = math.ceil(used.ru_utime + used.ru_stime + job.processor_seconds)
    _set_soft(resource.RLIMIT_CPU, seconds)
    if size := _address_space():
        _set_soft(resource.RLIMIT_AS, size + job.memory)


def _set_soft(which: int, most: int) -> None:
    _, hard = resource.getrlimit(which)
    within = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(which, (within, hard))


def _address_space() -> int:
    """Bytes of address space in use: libraries reserve far more than they fill. 0 where nobody says."""
    try:
        pages = int(Path("/proc/self/statm").read_bytes().split()[0])
    except OSError:  # not Linux
        return 0
    return pages * resource.getpagesize()


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2:])
