"""What was said beside the lines of a comparison: which thread stands under which line."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from skills.bundles.file_diffs import moved_lines
from skills.bundles.magic import decode
from skills.catalog.models import File, Version
from skills.delivery.content import file_bytes
from skills.lib.diff import Spot
from skills.lib.errors import Refused
from skills.lib.limited import LimitReached, Limits, ReadingFailed, run_limited
from skills.people.models import Account
from skills.reviews.drafts import drafts_of
from skills.reviews.models import Comment, CommentDraft, PlaceInText
from skills.reviews.selectors import Thread, threads_of
from skills.reviews.written import suggestion_of

_LIMITS = Limits(processor_seconds=2, seconds=6)
_MOST_QUOTED = 40  # lines of a place that are shown with a thread
_LINE_LENGTH = 400  # characters of a line that is quoted


@dataclass(kw_only=True)
class PlacedTalk:
    """Threads and drafts of one file: those under a line, and those whose line is not there any more."""

    under: dict[Spot, list["TalkItem"]] = field(default_factory=lambda: defaultdict(list))
    elsewhere: list["TalkItem"] = field(default_factory=list)

    @property
    def everything(self) -> list["TalkItem"]:
        return [*(said for found in self.under.values() for said in found), *self.elsewhere]


@dataclass(frozen=True, kw_only=True)
class TalkItem:
    """A thread, or a draft that begins one; with the lines it is about where the page does not show them.

    `suggested` are the lines that its first remark would put there, None where it suggests nothing.
    """

    thread: Thread | None = None
    draft: CommentDraft | None = None
    quoted: Sequence[str] = ()
    suggested: Sequence[str] | None = None

    @property
    def place(self) -> PlaceInText:
        first = self.thread.root if self.thread else self.draft
        assert first is not None
        return first


def said(about: Thread | CommentDraft, *, with_lines: bool) -> TalkItem:
    """ABOUT as a page shows it; WITH_LINES quotes what it stands beside."""
    place: Comment | CommentDraft = about.root if isinstance(about, Thread) else about
    suggested = suggestion_of(place.body)
    quoted = quoted_lines(place) if with_lines or suggested is not None else []
    if isinstance(about, Thread):
        return TalkItem(thread=about, quoted=quoted, suggested=suggested)
    return TalkItem(draft=about, quoted=quoted, suggested=suggested)


def all_talk(account: Account, version: Version) -> list[TalkItem]:
    """Everything said on any attempt at this number, what is open first, and what ACCOUNT has not sent."""
    drafts = list(drafts_of(account, version))
    threads = sorted(threads_of(version, drafts), key=lambda thread: not thread.is_open)
    first = [draft for draft in drafts if draft.parent_id is None]
    everything: list[Thread | CommentDraft] = [*first, *threads]
    return [said(one, with_lines=True) for one in everything]


def quoted_lines(place: PlaceInText) -> list[str]:
    """The lines that PLACE is about, as they were; none where they cannot be shown."""
    version = place.in_version
    if not place.path or not place.line or not version.has_content:
        return []
    text = _text(version, place.path)
    lines = (text or "").splitlines()[place.first - 1 : place.line]
    return [line[:_LINE_LENGTH] for line in lines[:_MOST_QUOTED]]


def placed_talk(
    talk: Sequence[Thread | CommentDraft], old: Version | None, new: Version
) -> dict[str, PlacedTalk]:
    """TALK by path and line of a comparison; an open thread of another attempt moves with its line."""
    found: dict[str, PlacedTalk] = defaultdict(PlacedTalk)
    for path in dict.fromkeys(place_of(one).path for one in talk):
        if not path:
            continue
        ours = [one for one in talk if place_of(one).path == path]
        for one, spot in zip(ours, _spots(ours, old, new), strict=True):
            if spot is None:
                found[path].elsewhere.append(said(one, with_lines=True))
            else:
                found[path].under[spot].append(said(one, with_lines=False))
    return found


def place_of(one: Thread | CommentDraft) -> PlaceInText:
    return one.root if isinstance(one, Thread) else one


def _spots(talk: Sequence[Thread | CommentDraft], old: Version | None, new: Version) -> list[Spot | None]:
    """Where each of TALK, all on one file, stands now; None where its line is gone."""
    places = [place_of(one) for one in talk]
    sources = {place.in_version.pk: place.in_version for place in places}
    moves = {
        pk: _moves(version, new, [place for place in places if place.in_version.pk == pk])
        for pk, version in sources.items()
        if pk != new.pk and (old is None or pk != old.pk)
    }
    spots: list[Spot | None] = []
    for place in places:
        pk, line = place.in_version.pk, place.line
        if pk in moves:
            line = moves[pk].get(place.line, 0)
        is_old = old is not None and pk == old.pk
        spots.append(("old" if is_old else "new", line) if line else None)
    return spots


def _moves(source: Version, new: Version, places: Sequence[PlaceInText]) -> dict[int, int]:
    """Where lines of the file of SOURCE stand in NEW."""
    path, lines = places[0].path, sorted({place.line for place in places if place.line})
    before, after = _file(source, path), _file(new, path)
    if not lines or before is None or after is None:
        return {}
    if before.sha256 == after.sha256:
        return {line: line for line in lines}
    try:
        found = run_limited(_LIMITS, moved_lines, file_bytes(source, before), file_bytes(new, after), lines)
    except (LimitReached, ReadingFailed, Refused):
        return {}
    return dict(zip(lines, found, strict=True))


def _file(version: Version, path: str) -> File | None:
    return File.objects.filter(version=version, path=path).first()


def _text(version: Version, path: str) -> str | None:
    file = _file(version, path)
    if file is None:
        return None
    try:
        return decode(file_bytes(version, file))
    except Refused:
        return None
