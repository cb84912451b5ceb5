"""Answers with a long JSON document while it is still written."""

from collections.abc import Iterable, Iterator

from django.http import StreamingHttpResponse

_BLOCK = 64 * 1024  # characters: sending each piece by itself costs more than making it


def streamed_json(pieces: Iterable[str]) -> StreamingHttpResponse:
    """The answer whose body is all of PIECES."""
    return StreamingHttpResponse(_blocks(pieces), content_type="application/json")


def _blocks(pieces: Iterable[str]) -> Iterator[str]:
    block, size = [], 0
    for piece in pieces:
        block.append(piece)
        size += len(piece)
        if size >= _BLOCK:
            yield "".join(block)
            block, size = [], 0
    yield "".join(block)
