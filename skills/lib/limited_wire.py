"""How a process and its limited child talk: frames over a socket, values as MessagePack of their types.

Never pickle: what comes back was made by a process that reads what strangers wrote, so it is decoded as the
types that the function names, and nothing in it can make this process run anything.
"""

import inspect
import mmap
import os
import select
import socket
import struct
import time
from collections.abc import Callable
from enum import IntEnum
from functools import cache
from typing import Any, get_type_hints

import msgspec

_HEAD = struct.Struct("<BQ")  # kind, bytes of the body
_PART = 1 << 18  # bytes that are received at once


class Frame(IntEnum):
    """Kinds of frames: what one holds."""

    ORDER = 1  # to the child: an `Order`
    ARGUMENTS = 2  # to the child: the arguments of its function
    ANSWER = 3
    NO_MEMORY = 4
    ANSWER_TOO_LARGE = 5
    FAULT = 6  # the traceback of an exception that the function did not handle


class Order(msgspec.Struct, frozen=True):
    """A function of ours by module and name, and what its run may use."""

    module: str
    function: str
    processor_seconds: float
    memory: int
    answer: int


class WireClosed(Exception):
    """The other side is gone."""


class FrameTooLarge(Exception):
    """A frame announces more bytes than are wanted."""


class Wire:
    """One end of the connection. A deadline is a moment of `time.monotonic`; inf waits for ever."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._poll = select.poll()
        self._poll.register(connection, select.POLLIN)

    def send(self, *frames: tuple[Frame, bytes], until: float = float("inf")) -> None:
        """Send FRAMES; raises TimeoutError at the deadline, WireClosed without a reader."""
        self._connection.settimeout(_left(until))
        parts = [part for kind, body in frames for part in (_HEAD.pack(kind, len(body)), body)]
        try:
            self._connection.sendall(b"".join(parts))
        except (BrokenPipeError, ConnectionError) as error:
            raise WireClosed from error

    def is_readable(self, *, until: float) -> bool:
        """Whether a frame has begun to arrive before the deadline."""
        return bool(self._poll.poll(max(0.0, until - time.monotonic()) * 1000))

    def receive(self, *, most: int, until: float = float("inf")) -> tuple[Frame, bytes]:
        """The next frame; raises TimeoutError, WireClosed, and FrameTooLarge beyond MOST bytes."""
        number, size = _HEAD.unpack(self._read(_HEAD.size, until))
        if size > most:
            raise FrameTooLarge
        return Frame(number), self._read(size, until)

    def _read(self, size: int, until: float) -> bytes:
        buffer = bytearray(size)
        view, filled = memoryview(buffer), 0
        while filled < size:
            self._connection.settimeout(_left(until))
            try:
                count = self._connection.recv_into(view[filled:], min(_PART, size - filled))
            except ConnectionError as error:
                raise WireClosed from error
            if count == 0:
                raise WireClosed
            filled += count
        return bytes(buffer)

    def close(self) -> None:
        self._connection.close()


class Board:
    """A page of shared memory on which the child writes what it reads now.

    The parent looks at it when a job was ended; frames would wake it up for every file.
    """

    _LENGTH = struct.Struct("<H")
    _SIZE = 4_096

    def __init__(self, descriptor: int) -> None:
        self._page = mmap.mmap(descriptor, self._SIZE)

    @classmethod
    def prepare(cls, descriptor: int) -> None:
        """Make an empty file long enough for a board."""
        os.ftruncate(descriptor, cls._SIZE)

    def write(self, text: str) -> None:
        data = text.encode("utf-8", "replace")[: self._SIZE - self._LENGTH.size]
        self._page[: self._LENGTH.size + len(data)] = self._LENGTH.pack(len(data)) + data

    def read(self) -> str:
        (length,) = self._LENGTH.unpack_from(self._page)
        return self._page[self._LENGTH.size :][:length].decode("utf-8", "replace")

    def close(self) -> None:
        self._page.close()


def _left(until: float) -> float | None:
    """Seconds to the moment UNTIL as a socket takes them; raises TimeoutError when it is over."""
    if until == float("inf"):
        return None
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


@cache
def arguments_of(function: Callable[..., object]) -> type[msgspec.Struct]:
    """The arguments of FUNCTION as a type: their names, and what they are annotated with."""
    hints = get_type_hints(function)
    fields = [(name, hints[name]) for name in inspect.signature(function).parameters]
    return msgspec.defstruct("Arguments", fields)


@cache
def answer_decoder(function: Callable[..., object]) -> msgspec.msgpack.Decoder[Any]:
    """Reads what FUNCTION returns, by the annotation of its result."""
    return msgspec.msgpack.Decoder(get_type_hints(function)["return"])
