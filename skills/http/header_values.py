"""Texts as values of headers. No other text goes into one: tests/architecture/test_headers.py looks."""

from urllib.parse import quote

from django.utils.http import content_disposition_header

_LONGEST = 1_000  # characters; proxies refuse heads of some thousand
# What stays as it is: every printable character of ASCII but the % that begins an escape.
_PLAIN = "".join(map(chr, range(0x20, 0x7F))).replace("%", "")


def line(text: str) -> str:
    """TEXT on one line without control characters; what is not ASCII is percent-encoded as UTF-8."""
    printable = "".join(character for character in " ".join(text.split()) if character.isprintable())
    # A lone surrogate has no UTF-8, and is not printable either.
    return quote(printable, safe=_PLAIN)[:_LONGEST]


def attachment(name: str) -> str:
    """Content-Disposition of a download called NAME (RFC 6266)."""
    printable = "".join(character for character in name if character.isprintable())
    return content_disposition_header(as_attachment=True, filename=printable) or "attachment"


def etag(digest: str) -> str:
    """DIGEST as a strong entity tag (RFC 9110, section 8.8.3)."""
    return f'"{quote(digest, safe=_PLAIN.replace(" ", "").replace(chr(34), ""), errors="replace")}"'
