"""What can be said of a file that is not text: the words in it, and its bytes in hex."""

import re
from collections.abc import Iterator

from skills.bundles.magic import decode

_SHORTEST = 10  # characters of a string worth showing: shorter ones occur in every picture by chance
_PRINTABLE = bytes([*b"\t\r\n", *range(0x20, 0x7F)])
_STRANGE_SHARE = 0.3  # of the bytes of a text in an encoding of the past; random bytes have twice as many
# Every byte by its kind: a letter to show, a NUL byte, another. What strings look like is a word of kinds.
_KINDS = bytes(ord("p" if byte in _PRINTABLE else "x" if byte else "0") for byte in range(256))
_NARROW = b"p"
_WIDE = (b"p0", b"p000")  # UTF-16 and UTF-32, in either order of bytes but for the last letter
_ROW = 16  # bytes of a line of hex
_MOST_BYTES = 2_048  # of one file in hex
_MOST_STRINGS = 300  # of one file on a page
_STRING_LENGTH = 200  # characters of one string on a page


def strings(data: bytes) -> list[str]:
    """Every run of printable characters in DATA, also where each letter takes two or four bytes."""
    runs = [*_runs(data, _NARROW), *_wide_runs(data)]
    return [line for run in runs for line in run.decode("ascii").splitlines() if len(line) >= _SHORTEST]


def legible(data: bytes) -> str:
    """DATA as well as anybody could read it: as UTF-8, as some text with strange bytes, else its strings."""
    text = decode(data)
    if text is not None:
        return text
    narrow = data.replace(b"\0", b"")
    if len(narrow.translate(None, _PRINTABLE)) <= _STRANGE_SHARE * len(narrow):
        return narrow.decode("utf-8", "replace")
    return "\n".join(strings(data))


def searchable(data: bytes) -> bytes:
    """DATA for what searches bytes: itself, and where it is not text also its wide letters made narrow."""
    return data if decode(data) is not None else b"\n".join([data, *_wide_runs(data)])


def _wide_runs(data: bytes) -> Iterator[bytes]:
    for letter in _WIDE:
        for run in _runs(data, letter):
            yield run.replace(b"\0", b"")


def _runs(data: bytes, letter: bytes) -> Iterator[bytes]:
    """Where letters of the kinds LETTER follow each other."""
    # The pattern begins with a word of its own, which `re` looks for without trying each place anew.
    run = letter * (_SHORTEST - 1) + b"(?:%s)*p?" % letter
    for match in re.finditer(run, data.translate(_KINDS)):
        yield data[match.start() : match.end()]


def dump(data: bytes, other: bytes = b"") -> list[str]:
    """DATA as lines for a page: hex from where it departs from OTHER, then the strings that OTHER lacks.

    Without OTHER it is the beginning and all strings. What is left out is counted.
    """
    start = _first_difference(data, other) // _ROW * _ROW
    lines = [f"{len(data):,} bytes, from offset {start:,}:"]
    window = data[start : start + _MOST_BYTES]
    lines += [
        _hex_row(start + offset, window[offset : offset + _ROW]) for offset in range(0, len(window), _ROW)
    ]
    left_out = len(data) - start - len(window)
    if left_out:
        lines.append(f"… {left_out:,} bytes more")
    known = set(strings(other))
    new = [text for text in strings(data) if text not in known]
    if new:
        lines.append(f"{len(new):,} strings:")
        lines += [text[:_STRING_LENGTH] for text in new[:_MOST_STRINGS]]
    if len(new) > _MOST_STRINGS:
        lines.append(f"… {len(new) - _MOST_STRINGS:,} strings more")
    return lines


def _first_difference(data: bytes, other: bytes) -> int:
    """The first offset at which the two differ; 0 where one of them is empty."""
    if not data or not other:
        return 0
    low, high = 0, min(len(data), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        # Slices are compared by the machine, so halving the rest is quicker than a look at each byte.
        if data[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _hex_row(offset: int, row: bytes) -> str:
    shown = "".join(chr(byte) if 0x20 <= byte < 0x7F else "." for byte in row)  # printable ASCII
    return f"{offset:08x}  {row.hex(' '):<{3 * _ROW - 1}}  {shown}"
