"""Rows of a comparison as HTML: one column or two, with what was said under each line.

Written here and not in templates: a page has thousands of rows.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import cast
from urllib.parse import urlencode

from django import template
from django.template import Context
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from skills.catalog.models import Version
from skills.lib.diff import Line, Spot
from skills.web.file_changes import FileChange

register = template.Library()
_TAG = {"add": "ins", "del": "del"}
_NOTHING = SafeString("")
_NOT_REFUSED = {"problem": "", "typed": ""}  # the form of somebody who begins


@dataclass(frozen=True, kw_only=True)
class _Rows:
    """What the rows of one file are written with. `says` makes the link that comments on a line."""

    change: FileChange
    context: Mapping[str, object]
    version: Version | None
    base: Version | None
    may_talk: bool
    form_at: Spot | None

    def say(self, side: str, line: int) -> SafeString:
        """The + beside a line. The keyboard comments on lines from the head of the file."""
        if not self.may_talk or self.version is None or not line:
            return _NOTHING
        asked: dict[str, object] = {"path": self.change.path, "line": line}
        if side == "old" and self.base is not None:
            asked["base"] = self.base.pk
        address = f"{reverse('review-say', args=[self.version.pk])}?{urlencode(asked)}"
        return format_html(
            '<a class="say" tabindex="-1" href="{}" aria-label="Comment on line {}{} of {}"></a>',
            address,
            line,
            " before" if side == "old" else "",
            self.change.path,
        )

    def talk(self, spots: Sequence[Spot], columns: int) -> Iterator[SafeString]:
        """What was said at SPOTS, and the form where somebody is about to say more."""
        found = [said for spot in spots for said in self.change.talk.under.get(spot, ())]
        if found:
            inside = {**self.context, "found": found, "columns": columns}
            yield render_to_string("reviews/talk_row.html", inside)
        if self.form_at in spots:
            yield render_to_string(
                "reviews/say_row.html", {**self.context, "columns": columns, **_NOT_REFUSED}
            )


@register.simple_tag(takes_context=True)
def diff_rows(context: Context, change: FileChange) -> SafeString:
    """The rows of CHANGE. Of the context it reads version, base, may_talk, split and spot."""
    flat = cast("dict[str, object]", context.flatten())
    spot = flat.get("spot")
    rows = _Rows(
        change=change,
        context=flat,
        version=_version(flat.get("version")),
        base=_version(flat.get("base")),
        # The lines of a dump are not those of the file.
        may_talk=bool(flat.get("may_talk")) and not change.diff.is_dump,
        form_at=spot.spot if isinstance(spot, SayAt) and spot.path == change.path else None,
    )
    pairs = list(zip(change.diff.rows or [], map(mark_safe, change.diff.html), strict=True))
    parts = _split(rows, pairs) if flat.get("split") else _unified(rows, pairs)
    return mark_safe("".join(parts))  # noqa: S308 - each part is escaped


@register.simple_tag(takes_context=True)
def file_address(context: Context, change: FileChange, **more: object) -> str:
    """Where the changes of one file of a review are fetched from."""
    version, asked = context["version"], {"path": change.path, "against": context["comparison"].chosen}
    return f"{reverse('review-file', args=[version.pk])}?{urlencode(asked | more)}"


@register.simple_tag(takes_context=True)
def file_link(context: Context, change: FileChange, words: str, **more: object) -> SafeString:
    """A link that puts the changes of one file in place of its section."""
    address = file_address(context, change, **more)
    return format_html(
        '<a href="{}" hx-get="{}" hx-target="closest section" hx-swap="outerHTML">{}</a>',
        address,
        address,
        words,
    )


@register.simple_tag
def urlquery(**asked: object) -> str:
    """The part of an address after its question mark."""
    return urlencode(asked)


@dataclass(frozen=True, kw_only=True)
class SayAt:
    """Lines that somebody is about to comment on; `base` is the id of the version before, else 0."""

    path: str
    first: int
    line: int
    base: int = 0

    @property
    def spot(self) -> Spot:
        return ("old" if self.base else "new", self.line)


def _version(value: object) -> Version | None:
    return value if isinstance(value, Version) else None


_Pairs = Sequence[tuple[Line, SafeString]]


def _unified(rows: _Rows, pairs: _Pairs) -> Iterator[SafeString]:
    for row, html in pairs:
        if row.kind == "hunk":
            yield format_html(
                '<tr class="hunk"><td class="n"></td><td class="n"></td><td>{}</td></tr>', row.text
            )
            continue
        side, line = ("new", row.new) if row.new else ("old", row.old)
        yield format_html(
            '<tr class="{kind}"><td class="n">{old}</td><td class="n">{say}{new}</td>{text}</tr>',
            kind=row.kind,
            old=row.old or "",
            say=rows.say(side, line),
            new=row.new or "",
            text=_text(row.kind, html),
        )
        yield from rows.talk(_spots(row), 3)


def _split(rows: _Rows, pairs: _Pairs) -> Iterator[SafeString]:
    """Two columns: what went beside what came."""
    for left, right in _beside(pairs):
        if left and left[0].kind == "hunk":
            yield format_html(
                '<tr class="hunk"><td class="n"></td><td>{}</td><td class="n"></td><td></td></tr>',
                left[0].text,
            )
            continue
        yield format_html("<tr>{}{}</tr>", _half(rows, "old", left), _half(rows, "new", right))
        spots = [spot for half in (left, right) if half for spot in _spots(half[0])]
        yield from rows.talk(list(dict.fromkeys(spots)), 4)


_Half = tuple[Line, SafeString] | None


def _half(rows: _Rows, side: str, half: _Half) -> SafeString:
    if half is None:
        return mark_safe('<td class="n none"></td><td class="none"></td>')
    row, html = half
    line = row.old if side == "old" else row.new
    # Lines that did not change are the new text's: one link for each is enough.
    may_say = side == "new" or row.kind == "del"
    say = rows.say(side, line) if may_say else _NOTHING
    return format_html('<td class="n {}">{}{}</td>{}', row.kind, say, line or "", _text(row.kind, html))


def _text(kind: str, html: SafeString) -> SafeString:
    """The cell of a line; the style sheet writes its sign, so that nobody copies it."""
    tag = _TAG.get(kind)
    if tag is None:
        return format_html('<td class="t">{}</td>', html)
    return format_html('<td class="t {}"><{}>{}</{}></td>', kind, tag, html, tag)


def _spots(row: Line) -> list[Spot]:
    """The lines that ROW shows. Of one on both sides the old one is shown where it stands alone."""
    return [spot for spot in (("old", row.old), ("new", row.new)) if spot[1]]


def _beside(pairs: _Pairs) -> Iterator[tuple[_Half, _Half]]:
    """PAIRS in two columns: lines that went and those that came after them stand beside each other."""
    went: list[tuple[Line, SafeString]] = []
    came: list[tuple[Line, SafeString]] = []
    for pair in pairs:
        kind = pair[0].kind
        if kind == "add":
            came.append(pair)
        elif kind == "del" and not came:
            went.append(pair)
        else:
            yield from _columns(went, came)
            went, came = ([pair], []) if kind == "del" else ([], [])
            if kind != "del":
                yield pair, pair
    yield from _columns(went, came)


def _columns(went: _Pairs, came: _Pairs) -> Iterator[tuple[_Half, _Half]]:
    for at in range(max(len(went), len(came))):
        yield (went[at] if at < len(went) else None, came[at] if at < len(came) else None)
