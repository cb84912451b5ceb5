"""The changes of a review: compared with what, which files are shown at once, who said what where."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import prefetch_related_objects

from skills.catalog.models import OPEN, Version
from skills.catalog.selectors import version_by_id
from skills.flows.mending import may_mend
from skills.http.actors import HubRequest
from skills.lib import whole_numbers
from skills.lib.errors import missing
from skills.people import rules
from skills.people.models import Account
from skills.reviews.attempts import attempts_of, base_of, seen_before
from skills.reviews.comment import can_talk
from skills.reviews.drafts import drafts_of
from skills.reviews.models import CommentDraft
from skills.reviews.selectors import Thread, threads_of
from skills.web.diff_rows import SayAt
from skills.web.file_changes import FileChange, Wish, changed_files, paths_changed
from skills.web.folding import folded, viewed_files
from skills.web.threads import PlacedTalk, TalkItem, placed_talk

_FILES = 30  # of a page; the next ones come on the way down
_AT_ONCE = 20_000  # bytes of both sides that the first answer compares; the rest comes on the way down
_MOST_CHOICES = 30  # attempts, and other versions, that a form offers
_LIVE, _NOTHING = "live", "none"
_SPLIT = "split_view"  # of the session


@dataclass(frozen=True)
class BaseChoice:
    """One version that the changes may be compared with; `value` is what an address says."""

    value: str
    label: str


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """A version beside another one, `base`; None where every line is new. `why` says how it was chosen."""

    version: Version
    base: Version | None
    chosen: str
    why: str
    choices: Sequence[BaseChoice]


def comparison_of(request: HubRequest, version: Version) -> Comparison:
    """What the address asks for; else what this person saw last, the attempt before, or what readers see.

    Of a version that was decided on, what readers saw then.
    """
    account = rules.signed_in(request.actor)
    live = base_of(version)
    earlier = attempts_of(version).filter(attempt__lt=version.attempt)[:_MOST_CHOICES]
    attempts = [row for row in earlier if row.has_content]
    wanted = request.GET.get("against", "")
    chosen, why = (wanted, "") if wanted else _default(account, version, live, attempts)
    return Comparison(
        version=version,
        base=_base(request, version, live, chosen),
        chosen=chosen,
        why=why,
        choices=_choices(request, version, live, attempts),
    )


def _default(
    account: Account, version: Version, live: Version | None, attempts: Sequence[Version]
) -> tuple[str, str]:
    """Which version to compare with where nobody chose one, and why that one."""
    if version.state in OPEN and attempts:
        seen = seen_before(account, version)
        if seen is not None and seen.has_content:
            return str(seen.pk), "what you looked at last"
        return str(attempts[0].pk), "the attempt before"
    if live is None:
        return _NOTHING, ""
    return _LIVE, "what readers see" if version.state in OPEN else "what readers saw when it was decided"


def _base(request: HubRequest, version: Version, live: Version | None, chosen: str) -> Version | None:
    if chosen == _NOTHING:
        return None
    if chosen == _LIVE:
        if live is not None:
            prefetch_related_objects([live], "files")
        return live
    return base_by_id(request, version, whole_numbers.from_text(chosen, 0))


def base_by_id(request: HubRequest, version: Version, pk: int) -> Version:
    """Another version of the same skill that may be compared with VERSION; raises Missing."""
    base = version_by_id(request.actor, pk)
    if base.skill_id != version.skill_id:
        raise missing()
    return base


def _choices(
    request: HubRequest, version: Version, live: Version | None, attempts: Sequence[Version]
) -> list[BaseChoice]:
    choices = [BaseChoice(str(row.pk), f"attempt {row.attempt}") for row in attempts]
    if live is not None:
        choices.append(BaseChoice(_LIVE, f"the approved {live.number}"))
    choices.append(BaseChoice(_NOTHING, "nothing: every line"))
    released = version.skill.versions.filter(approved_at__isnull=False).exclude(state="removed")
    others = released.exclude(pk__in=[version.pk, live.pk if live else 0]).order_by("-approved_at")
    return choices + [BaseChoice(str(row.pk), row.number) for row in others.only("number")[:_MOST_CHOICES]]


@dataclass(frozen=True, kw_only=True)
class ReviewChanges:
    """What the tab shows: files, and what was said about files in which nothing changed."""

    comparison: Comparison
    files: list[FileChange]
    loose: list[TalkItem]
    viewed: int
    total: int
    next: int  # place of the first file that is not among `files` yet, 0 where all are


def review_changes(request: HubRequest, comparison: Comparison, *, only: str = "") -> ReviewChanges:
    """The files of COMPARISON, or ONLY one of them in full; what the address names is shown at once."""
    account, version = rules.signed_in(request.actor), comparison.version
    paths = paths_changed(comparison.base, version)
    viewed = viewed_files(account, version)
    placed = placed_talk(talk_on(account, version), comparison.base, version)
    asked = only or request.GET.get("file", "") or request.GET.get("path", "")
    reasons = folded(paths, comparison.base, version, viewed)
    reasons.pop(asked, None)
    start = whole_numbers.from_text(request.GET.get("from", ""), 0)
    if asked and not only:
        start = next((at - at % _FILES for at, change in enumerate(paths) if change.path == asked), start)
    is_whole = bool(request.GET.get("whole"))
    wish = Wish(
        only=only,
        start=start,
        most=_FILES,
        # What follows a page in place is compared as one comes to it.
        at_once=None if only else 0 if request.htmx and start else _AT_ONCE,
        asked=asked,
        whole={asked} if is_whole else (),
        spots={path: list(talk.under) for path, talk in placed.items()},
        folded=reasons,
    )
    files = changed_files(comparison.base, version, wish)
    for change in files:
        change.talk = placed.pop(change.path, PlacedTalk())
        change.is_viewed = (change.path, change.sha256) in viewed
    changed = {change.path for change in paths}
    loose = [said for path, talk in placed.items() if path not in changed for said in talk.everything]
    digests = {file.path: file.sha256 for file in version.files.all()}
    return ReviewChanges(
        comparison=comparison,
        files=files,
        loose=[] if only or start else loose,
        viewed=sum((change.path, digests.get(change.path, "")) in viewed for change in paths),
        total=len(paths),
        next=start + _FILES if start + _FILES < len(paths) else 0,
    )


def talk_on(account: Account, version: Version) -> list[Thread | CommentDraft]:
    """What stands beside the lines of VERSION for ACCOUNT: of earlier attempts, what is open still."""
    drafts = list(drafts_of(account, version))
    threads = [
        thread
        for thread in threads_of(version, drafts)
        if thread.root.version_id == version.pk
        or (thread.is_open and thread.root.version.attempt < version.attempt)
    ]
    return [*threads, *(draft for draft in drafts if draft.parent_id is None)]


def rows_context(request: HubRequest, comparison: Comparison) -> dict[str, object]:
    """What the rows of a comparison are written with."""
    return {
        "version": comparison.version,
        "back": comparison.version.review_url,
        "skill": comparison.version.skill,
        "base": comparison.base,
        "comparison": comparison,
        "may_talk": can_talk(request.actor, comparison.version) and comparison.version.has_content,
        "may_mend": may_mend(request.actor, comparison.version),
        "split": is_split(request),
        "spot": say_at(request),
    }


def say_at(request: HubRequest) -> SayAt | None:
    """The lines that the address names to be commented on."""
    line = whole_numbers.from_text(request.GET.get("line", ""), 0)
    path = request.GET.get("path", "")
    if not path:
        return None
    first = whole_numbers.from_text(request.GET.get("first", ""), line)
    return SayAt(
        path=path, first=first, line=line, base=whole_numbers.from_text(request.GET.get("base", ""), 0)
    )


def is_split(request: HubRequest) -> bool:
    """Whether this person looks at the two texts side by side."""
    return bool(request.session.get(_SPLIT))


def choose_view(request: HubRequest, name: str) -> None:
    request.session[_SPLIT] = name == "split"
