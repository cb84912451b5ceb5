"""Reads and changes single fields of a JSON body; every other byte of their values stays as it came."""

import re
from collections.abc import Mapping
from typing import TypeVar

import msgspec

from skills.gateway.asked import Fields
from skills.gateway.refusals import bad_request

_MOST_OUTPUT = 10_000_000  # tokens; more than any model writes, and far within the columns
_MOST_ANSWERS = 128
# Only where the protocols put media, beside the word that says what they are: a long word elsewhere, as
# `data` among the arguments of a tool, is text, and may be a token for every byte.
_WHAT_IT_IS = (
    rb'"(?:type": ?"base64"|(?:media_type|mime_type|mimeType)": ?"[a-z]{1,20}/[A-Za-z0-9.+-]{1,80}")'
)
_BASE64 = re.compile(
    rb'(?:;base64,|"input_audio": ?{(?:"format": ?"[a-z0-9]{1,10}", ?)?"data": ?"|'
    + _WHAT_IT_IS
    + rb', ?"data": ?")([A-Za-z0-9+/_-]{1024,}+)|"data": ?"([A-Za-z0-9+/_-]{1024,}+)={0,2}", ?'
    + _WHAT_IT_IS
)
# What a picture costs at most where it is counted by its tiles, and what a page of a long document does for
# its bytes: far less than a token a byte, which is the bound of text.
_MEDIUM_TOKENS, _BYTES_A_TOKEN = 50_000, 16
_NAMED_ELSEWHERE = 200_000  # tokens of what the body only names: a file, an earlier answer, a search

Found = TypeVar("Found")


def read_fields(body: bytes) -> dict[str, msgspec.Raw]:
    """The fields of BODY; raises Refusal. Of a name that comes twice the last one counts, here and there."""
    try:
        return msgspec.json.decode(body, type=dict[str, msgspec.Raw])
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise bad_request(f"The body is no JSON object: {error}") from None


def field(fields: Fields, name: str, type: type[Found]) -> Found | None:
    """The field NAME, None where there is none; raises Refusal where it is of another type."""
    raw = fields.get(name)
    if raw is None or bytes(raw) == b"null":
        return None
    try:
        return msgspec.json.decode(raw, type=type)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        raise bad_request(f"`{name}` is of another type than it should be.") from None


def model_of(fields: Fields) -> str:
    name = field(fields, "model", str)
    if not name:
        raise bad_request("`model` is missing.")
    return name


def count_of(fields: Fields, name: str, *, most: int = _MOST_OUTPUT) -> int | None:
    """The field NAME as a number of at least one."""
    return checked_count(field(fields, name, int), name, most=most)


def checked_count(value: int | None, name: str, *, most: int = _MOST_OUTPUT) -> int | None:
    if value is not None and not 1 <= value <= most:
        raise bad_request(f"`{name}` lies between 1 and {most:,}.")
    return value


def answers_of(fields: Fields, name: str) -> int:
    return count_of(fields, name, most=_MOST_ANSWERS) or 1


def written(fields: Fields, changes: Mapping[str, object]) -> bytes:
    """The body of FIELDS with CHANGES in it."""
    new = {name: msgspec.Raw(msgspec.json.encode(value)) for name, value in changes.items()}
    return msgspec.json.encode({**fields, **new})


def sizes(body: bytes, *, names: tuple[bytes, ...]) -> tuple[int, int]:
    """(bytes of text, tokens of input beyond them): media are no text, NAMES stand for what is elsewhere."""
    media = [len(match[1] or match[2]) for match in _BASE64.finditer(body)]
    beyond = sum(_MEDIUM_TOKENS + length // _BYTES_A_TOKEN for length in media)
    beyond += sum(body.count(name) for name in names) * _NAMED_ELSEWHERE
    return len(body) - sum(media), beyond
