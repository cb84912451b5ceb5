"""What the tests of the limited child have it do: a function must be at the top of a module."""

import os
import signal
import time
from pathlib import Path

from skills.lib.progress import reading


def doubled(number: int) -> int:
    return 2 * number


def joined(texts: dict[str, bytes], *, by: str) -> str:
    return by.join(f"{name}={data.decode()}" for name, data in texts.items())


def burn(place: str) -> None:
    reading("before.md")
    reading(place)
    while True:
        pass


def sleep(seconds: float) -> None:
    time.sleep(seconds)


def fill_memory(megabytes: int) -> int:
    return len(bytearray(megabytes * 1_000_000))


def make(size: int) -> bytes:
    return bytes(size)


def fail(text: str) -> None:
    raise ValueError(text)


def kill_itself(number: int) -> None:
    os.kill(os.getpid(), number)


def end_with(status: int) -> None:
    os._exit(status)


def ignore_the_end() -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    time.sleep(60)


def who() -> int:
    return os.getpid()


def niceness() -> int:
    return os.getpriority(os.PRIO_PROCESS, 0)


def environment() -> dict[str, str]:
    return dict(os.environ)


def open_files() -> list[str]:
    found = []
    for link in Path("/proc/self/fd").iterdir():
        try:
            found.append(str(link.readlink()))
        except OSError:
            continue
    return sorted(found)


def write(path: str) -> int:
    return Path(path).write_bytes(b"x")


def loaded() -> list[str]:
    import sys

    return sorted(sys.modules)


def hold_the_interpreter() -> None:
    """A pattern that divides a run in every way: `re` gives the interpreter to no other thread meanwhile."""
    import re

    re.match(r"(\w+)*x", "a" * 60)
