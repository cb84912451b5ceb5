"""Runs a function over what strangers wrote in a child process, within limits (docs/decisions/0023).

`run_limited(limits, function, ...)` is the whole of it. Functions are ours and pure, at the top of a module
that needs no Django, with annotations: arguments and answer travel as these types. Children are kept and used
again; one that reaches a limit is killed, and the next caller finds a new one.
"""

import atexit
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import ParamSpec, TypeVar

import msgspec
from django.conf import settings

from skills.lib.errors import Problem, Unavailable
from skills.lib.limited_wire import (
    Board,
    Frame,
    FrameTooLarge,
    Order,
    Wire,
    WireClosed,
    answer_decoder,
    arguments_of,
)

P = ParamSpec("P")
T = TypeVar("T")

_ROOT = Path(__file__).resolve().parents[2]
_MOST_KEPT = 2  # idle children of one process
_MOST_JOBS = 1_000  # of one child: what libraries leak ends with it
# After so long a reading is no ordinary one, and gives way to what other processes do.
_PATIENCE, _PATIENCE_AT_START, _NICENESS = 0.3, 1.0, 10
_EXIT_SECONDS = 5


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What one reading may use. `seconds` are of the clock; a busy machine needs more of them."""

    processor_seconds: float
    seconds: float
    wait: float = 0.25  # seconds for a turn: a thread of a web process that waits longer is missed elsewhere
    memory: int = 1_000_000_000  # bytes of address space beyond what the child starts with
    answer: int = 100_000_000  # bytes
    gives_way: bool = True  # to other processes, once it takes longer than an ordinary reading


class Limit(StrEnum):
    PROCESSOR = "processor time"
    TIME = "time"
    MEMORY = "memory"
    ANSWER = "size of the answer"
    CRASH = "crash"


class LimitReached(Exception):
    """A reading that was ended. `place` is the file that was read then, "" where nothing is known."""

    def __init__(self, limit: Limit, detail: str, place: str) -> None:
        self.limit, self.detail, self.place = limit, detail, place
        super().__init__(f"{place or 'The bundle'} {detail}")


class ReadingFailed(Exception):
    """The function raised what it should have handled: a fault of ours; the text is its traceback."""


def run_limited(limits: Limits, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """FUNCTION's answer to these arguments, from a child process.

    Raises LimitReached where it needs more than LIMITS, ReadingFailed where it raises, and Unavailable where
    all children that this process may have are busy.
    """
    arguments = msgspec.msgpack.encode(arguments_of(function)(*args, **kwargs))
    children = _children()
    if not children.slots.acquire(timeout=limits.wait):
        problem = Problem("readers_busy", "Too many bundles are being read.", "Try again in some seconds.")
        raise Unavailable(problem)
    try:
        answer = _ask(children, limits, function, arguments)
    finally:
        children.slots.release()
    result: T = answer_decoder(function).decode(answer)
    return result


def _ask(children: "_Children", limits: Limits, function: Callable[..., object], arguments: bytes) -> bytes:
    job = Order(
        module=function.__module__,
        function=function.__name__,
        processor_seconds=limits.processor_seconds,
        memory=limits.memory,
        answer=limits.answer,
    )
    children.modules.add(job.module)
    while True:
        child = children.take()
        try:
            answer = child.ask(job, arguments, limits)
        except _DiedIdle:
            child.end()
        except BaseException:
            child.end()
            children.prepare()
            raise
        else:
            children.give_back(child)
            return answer


class _DiedIdle(Exception):
    """The child was killed from outside, most likely between two jobs."""


class _Child:
    """One child process and the connection to it."""

    def __init__(self, modules: list[str]) -> None:
        ours, theirs = socket.socketpair()
        with theirs, tempfile.TemporaryFile() as page:
            Board.prepare(page.fileno())
            self.board = Board(page.fileno())
            self.process = subprocess.Popen(
                [sys.executable, "-P", "-m", "skills.lib.limited_child", str(page.fileno()), *modules],
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                pass_fds=[page.fileno()],
                cwd="/",
                env=_environment(),
            )
        self.wire = Wire(ours)
        self.jobs = 0
        self.is_slowed = False

    @property
    def is_alive(self) -> bool:
        return self.process.poll() is None

    @property
    def is_worn(self) -> bool:
        return self.is_slowed or self.jobs >= _MOST_JOBS

    def ask(self, job: Order, arguments: bytes, limits: Limits) -> bytes:
        """The encoded answer; raises LimitReached, ReadingFailed and _DiedIdle."""
        self.jobs += 1
        self.board.write("")
        until = time.monotonic() + limits.seconds
        try:
            self.wire.send(
                (Frame.ORDER, msgspec.msgpack.encode(job)), (Frame.ARGUMENTS, arguments), until=until
            )
            patience = _PATIENCE if self.jobs > 1 else _PATIENCE_AT_START
            takes_long = not self.wire.is_readable(until=min(until, time.monotonic() + patience))
            if takes_long and limits.gives_way:
                self._slow_down()
            kind, body = self.wire.receive(most=limits.answer, until=until)
        except TimeoutError:
            raise self._reached(Limit.TIME, f"was not read within {limits.seconds:g} s") from None
        except FrameTooLarge:
            kind, body = Frame.ANSWER_TOO_LARGE, b""
        except WireClosed:
            raise self._ended_by_itself(limits) from None
        if kind == Frame.ANSWER:
            return body
        if kind == Frame.FAULT:
            raise ReadingFailed(body.decode("utf-8", "replace"))
        if kind == Frame.NO_MEMORY:
            raise self._reached(
                Limit.MEMORY, f"needs more than {limits.memory // 1_000_000} MB of memory to be read"
            )
        raise self._reached(Limit.ANSWER, f"makes more than {limits.answer // 1_000_000} MB when it is read")

    def _slow_down(self) -> None:
        """Give way to other processes. There is no way back without rights, so this is its last job."""
        self.is_slowed = True
        if self.is_alive:
            os.setpriority(os.PRIO_PROCESS, self.process.pid, _NICENESS)

    def _ended_by_itself(self, limits: Limits) -> Exception:
        status = self.process.wait(_EXIT_SECONDS)
        if status == -signal.SIGKILL and self.jobs > 1:
            return _DiedIdle()
        if status == -signal.SIGXCPU:
            return self._reached(
                Limit.PROCESSOR, f"was not read within {limits.processor_seconds:g} s of processor time"
            )
        return self._reached(Limit.CRASH, f"could not be read: its reader ended with status {status}")

    def _reached(self, limit: Limit, detail: str) -> LimitReached:
        return LimitReached(limit, detail, self.board.read())

    def end(self) -> None:
        self.wire.close()
        self.board.close()
        self.process.kill()
        self.process.wait()

    def forget(self) -> None:
        """Close this end alone: the child is another process's."""
        self.wire.close()
        self.board.close()
        self.process.returncode = 0  # so that nobody waits for it


class _Children:
    """The children of this process: the idle ones, and how many may work at once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._idle: list[_Child] = []
        self.slots = threading.BoundedSemaphore(settings.READERS)
        self.modules: set[str] = set()

    def take(self) -> _Child:
        with self._lock:
            while self._idle:
                child = self._idle.pop()
                if child.is_alive:
                    return child
                child.end()
        return _Child(sorted(self.modules))

    def give_back(self, child: _Child) -> None:
        if not child.is_worn:
            with self._lock:
                if len(self._idle) < _MOST_KEPT:
                    self._idle.append(child)
                    return
        child.end()
        if child.is_worn:
            self.prepare()

    def prepare(self) -> None:
        """Have one child ready, so that the next caller need not wait for its start."""
        with self._lock:
            if not self._idle:
                self._idle.append(_Child(sorted(self.modules)))

    def end_idle(self) -> None:
        with self._lock:
            while self._idle:
                self._idle.pop().end()

    def forget(self) -> None:
        for child in self._idle:
            child.forget()


@cache
def _children() -> _Children:
    return _Children()


def _forget_children() -> None:
    """In a process that was forked from one with children: they stay its parent's."""
    if _children.cache_info().currsize:
        _children().forget()
        _children.cache_clear()


def _end_children() -> None:
    """They would end by themselves, but not before what they do now."""
    if _children.cache_info().currsize:
        _children().end_idle()


os.register_at_fork(after_in_child=_forget_children)
atexit.register(_end_children)


@cache
def _environment() -> dict[str, str]:
    """Nothing of ours: it holds the keys of the database, of sessions and of providers."""
    kept = {name: os.environ[name] for name in ("LD_LIBRARY_PATH",) if name in os.environ}
    # The libraries may lie elsewhere than the interpreter says: a child finds what its parent finds.
    places = os.pathsep.join([str(_ROOT), *filter(None, sys.path)])
    return {"PYTHONPATH": places, "PATH": os.defpath, "LANG": "C.UTF-8", **kept}
