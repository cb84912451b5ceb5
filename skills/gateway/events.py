"""Reads the events of a stream while they pass; of a stream only the line that is not whole yet is kept."""

from skills.gateway.wires.wire import StreamMeter

_LONGEST_LINE = 32 * 1024 * 1024  # bytes; the last event of a response repeats all of its answer
_DATA = b"data:"


class EventPassage:
    """Passes chunks on as they are and shows each event to a meter.

    Where the meter hides an event, whole events are passed on: `hides` says whether it may.
    """

    def __init__(self, meter: StreamMeter, *, hides: bool) -> None:
        self._meter, self._hides = meter, hides
        self._line = bytearray()
        self._event = bytearray()
        self._is_shown = True
        self._is_skipping = False

    def take(self, chunk: bytes) -> bytes:
        """What the client is sent for CHUNK."""
        *lines, rest = chunk.split(b"\n")
        shown = bytearray()
        for part in lines:
            self._line += part
            shown += self._whole_line()
        if len(self._line) + len(rest) > _LONGEST_LINE:
            self._is_skipping = True  # it is passed on, but nobody can say what is in it
            self._line.clear()
        else:
            self._line += rest
        return bytes(shown) if self._hides else chunk

    def end(self) -> bytes:
        """What is left at the end of the stream."""
        if not self._hides:
            return b""
        return bytes(self._event + self._line)

    def _whole_line(self) -> bytes:
        """Take the line that has just ended; what may be shown now."""
        line = bytes(self._line)
        self._line.clear()
        if self._is_skipping:
            self._is_skipping = False
            return b""
        if line.startswith(_DATA):
            self._is_shown &= self._meter.read(line[len(_DATA) :].strip())
        if not self._hides:
            return b""
        self._event += line + b"\n"
        if line.strip():
            return b""
        shown = bytes(self._event) if self._is_shown else b""
        self._event.clear()
        self._is_shown = True
        return shown


class WholePassage:
    """Keeps a copy of an answer that is one document, up to a size; `document` is empty beyond it."""

    def __init__(self, most: int = _LONGEST_LINE) -> None:
        self._most = most
        self._parts: list[bytes] = []
        self._length = 0

    def take(self, chunk: bytes) -> bytes:
        self._length += len(chunk)
        if self._length <= self._most:
            self._parts.append(chunk)
        else:
            self._parts.clear()
        return chunk

    @property
    def document(self) -> bytes:
        return b"".join(self._parts)
