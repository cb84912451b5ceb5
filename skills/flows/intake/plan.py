"""Plans what a snapshot of files would change in a team: new skills, next versions, what has gone.

A plan changes nothing. It is made skill by skill, so that whoever carries it out holds few of them at once.
"""

from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from itertools import chain

from skills.bundles.names import names_from_path
from skills.bundles.validate import Validation
from skills.catalog import uploads
from skills.catalog.numbers import next_number
from skills.flows.intake.changes import Change, ChangeKind, Planned
from skills.flows.intake.checks import ahead, checks_of, in_batches
from skills.flows.intake.found import TOP, FoundSkill, Reader
from skills.flows.intake.place import Place
from skills.flows.intake.team_state import KnownPath, KnownSkill, TeamState, may_continue
from skills.flows.names import names_of_others
from skills.lib.errors import Problem, Refused, refuse
from skills.lib.near_names import NameIndex
from skills.people.actor import Actor
from skills.people.models import Team
from skills.people.names import listed
from skills.upstream.trees import LeftOut, Snapshot

# Problems by which a check says what the catalogue decided where SKILL.md does not say it.
_DECISIONS = frozenset(
    {"catalogue_name", "catalogue_description", "no_front_matter", "bad_yaml", "duplicate_field"}
)
_TOLD = _DECISIONS | {"folder_collision"}  # problems of a check that a line of the report tells
_MOST_NOTES = 10  # of a check that a line tells
_LONGEST_NAME = 200  # characters that are kept of what a file calls itself
_BATCHES_AHEAD = 2  # that are checked while the plan of an earlier one is carried out


def plan(
    *, actor: Actor, team: Team, place: Place, snapshot: Snapshot, others: NameIndex | None = None
) -> Iterator[Planned]:
    """What bringing SNAPSHOT of PLACE into TEAM would change; OTHERS is as for `submit`.

    A line for every SKILL.md, in whatever case it is written, then one for each that has gone.
    """
    return _Planner(team, place, snapshot, others or names_of_others(actor, team)).changes()


class _Planner:
    def __init__(self, team: Team, place: Place, snapshot: Snapshot, others: NameIndex) -> None:
        self.team, self.place, self.others = team, place, others
        self.reader = Reader(snapshot, uploads.limits())
        self.paths, self.links = self.reader.paths, self.reader.links
        self.state = TeamState(team)
        self.rows = self.state.source_paths(place)
        self.claimed: set[str] = set()  # names that this plan gives
        self.first_of_mark: dict[str, Change] = {}

    def changes(self) -> Iterator[Planned]:
        # What was not even listed keeps its name before anybody else may have it.
        for path in sorted(self.reader.unlisted & self.rows.keys()):
            yield self._remembered(Planned(self._unchanged(_line(path), self.rows[path])))
        known = {path: row.mark for path, row in self.rows.items()}
        with ThreadPoolExecutor(1) as pool:
            started = (self._start(pool, batch) for batch in in_batches(self.reader.skills(known)))
            for batch, checks in ahead(started, _BATCHES_AHEAD):
                answers = checks.result()
                for skill in batch:
                    yield self._remembered(self._planned(skill, answers.get(skill.path)))
        yield from map(_unread, self.reader.unread)
        yield from self._gone()

    def _start(
        self, pool: ThreadPoolExecutor, batch: Sequence[FoundSkill]
    ) -> tuple[Sequence[FoundSkill], Future[dict[str, Validation]]]:
        """BATCH with the checks, by path, of those that were read."""
        read = [skill for skill in batch if skill.files]

        def check() -> dict[str, Validation]:
            checks = checks_of([(skill.files, self._folder_name(skill.path)) for skill in read])
            return {skill.path: answer for skill, answer in zip(read, checks, strict=True)}

        return batch, pool.submit(check)

    def _remembered(self, planned: Planned) -> Planned:
        change = planned.change
        if change.kind not in (ChangeKind.COPY, ChangeKind.REFUSED):
            self.claimed.add(change.name)
        self.first_of_mark.setdefault(change.mark, change)
        return planned

    def _folder_name(self, path: str) -> str:
        """What the folder at PATH is called; the top of a source is called what the source is."""
        return self.place.name if path == TOP else path.rsplit("/", 1)[-1]

    def _planned(self, skill: FoundSkill, report: Validation | None) -> Planned:
        change = replace(
            _line(skill.path),
            skill_md=skill.skill_md,
            mark=skill.mark,
            notes=skill.notes,
            left_out=skill.left_out,
            problems=skill.problems,
        )
        row = self.rows.get(skill.path)
        if skill.problems:
            return Planned(change)
        if skill.path in self.links and skill.mark in self.first_of_mark:
            return Planned(_copy(change, self.first_of_mark[skill.mark], f"a link to {skill.original}"))
        if report is not None:
            return self._new_bytes(change, report)
        if row is not None and row.mark == skill.mark:
            return Planned(self._unchanged(change, row))
        first = self.first_of_mark[skill.mark]
        return Planned(_copy(change, first, f"the same files as {first.path}"))

    def _unchanged(self, change: Change, row: KnownPath) -> Change:
        known = self.state.by_id[row.skill_id]
        return replace(
            change,
            kind=ChangeKind.UNCHANGED,
            name=known.name,
            written_name=row.written_name,
            number=known.newest_number,
            is_settled=not row.is_gone,
            notes=_with(change.notes, known.fate),
        )

    def _new_bytes(self, change: Change, report: Validation) -> Planned:
        if report.bundle is None:
            return Planned(replace(change, problems=tuple(report.errors)))
        mended = _few([problem.text for problem in report.problems if problem.code in _TOLD])
        manifest = report.bundle.manifest
        # PostgreSQL keeps no NUL, which a name may hold as an escape.
        written_name = "".join(filter(str.isprintable, manifest.written_name))[:_LONGEST_NAME]
        change = replace(change, written_name=written_name, notes=(*change.notes, *mended))
        try:
            change, known = self._named(change, manifest.name)
        except Refused as refused:
            return Planned(replace(change, problems=tuple(refused.problems)))
        digest = f"sha256:{report.bundle.archive.digest}"
        if known is not None and self._is_there(known, change.path, digest):
            notes = _with(change.notes, known.fate)
            number = known.newest_number
            return Planned(replace(change, kind=ChangeKind.UNCHANGED, number=number, notes=notes), report)
        next_one = next_number(manifest.version, known.held_numbers if known else [])
        change = replace(
            change,
            kind=ChangeKind.NEXT if known else ChangeKind.NEW,
            number=next_one.text,
            number_from=next_one.source,
            previous=known.newest_number if known else "",
            notes=_with(change.notes, next_one.note),
        )
        return Planned(change, report)

    def _is_there(self, known: KnownSkill, path: str, digest: str) -> bool:
        """Whether the catalogue has these bytes: those of a path that was seen before, as the newest ones."""
        return known.is_newest(digest) if path in self.rows else known.has(digest)

    def _named(self, change: Change, wanted: str) -> tuple[Change, KnownSkill | None]:
        """CHANGE under its name here, which is WANTED if that is free, and the skill that has it already."""
        row = self.rows.get(change.path)
        if row is None:
            return self._named_first(change, wanted)
        known = self.state.by_id[row.skill_id]
        if known.team_id != self.team.pk:
            text = f"{self.team.handle}/{known.name} is {known} now."
            raise refuse("name_taken", text, "Bring it into that team.")
        note = ""
        if change.written_name != row.written_name:
            note = (
                f"the file calls itself {change.written_name[:80]!r} now; the catalogue keeps {known.name!r}"
            )
        return replace(change, name=known.name, notes=_with(change.notes, note)), known

    def _named_first(self, change: Change, wanted: str) -> tuple[Change, KnownSkill | None]:
        name, known = self._free_name(wanted, change.path)
        notes = change.notes
        if name != wanted:
            notes = _with(notes, f"the name {wanted!r} is taken; in the catalogue it is {name!r}")
        if known is None and (others := self.others.near(name)):
            notes = _with(notes, f"the name {name!r} is near to {listed(others)}; staff are asked about it")
        moved_from = self._moved_from(known) if known else ""
        if moved_from:
            notes = _with(notes, f"it lay at {moved_from} before")
        return replace(change, name=name, notes=notes, moved_from=moved_from), known

    def _free_name(self, wanted: str, path: str) -> tuple[str, KnownSkill | None]:
        """The first name of WANTED and those made from PATH that nobody has, or that the same skill has."""
        names = chain([wanted], names_from_path(wanted, path, self._source_name(wanted)))
        name = next(name for name in names if self._is_free(name))
        known = self.state.by_name.get(name)
        return (known.name, known) if known else (name, None)

    def _source_name(self, wanted: str) -> str:
        """The word that tells the skill from one called WANTED which came from another source, else ""."""
        known = self.state.by_name.get(wanted)
        is_ours = known is None or any(row.source == self.place.source for row in known.source_paths)
        return "" if is_ours else self.place.name

    def _is_free(self, name: str) -> bool:
        known = self.state.by_name.get(name)
        if known is None:
            return name not in self.claimed
        if known.team_id != self.team.pk or known.name in self.claimed:
            return False
        return may_continue(known, self.place, self.paths - self.links)

    def _moved_from(self, known: KnownSkill) -> str:
        return next((row.path for row in known.source_paths if row.source == self.place.source), "")

    def _gone(self) -> Iterator[Planned]:
        """What was brought in from this place before and lies there no more, under no other path either."""
        for path, row in self.rows.items():
            known = self.state.by_id[row.skill_id]
            if path in self.paths or row.is_gone or known.name in self.claimed:
                continue
            line = replace(_line(path), kind=ChangeKind.GONE, number=known.newest_number)
            yield Planned(replace(line, name=known.name, written_name=row.written_name))


def _unread(item: LeftOut) -> Planned:
    """The line of a SKILL.md that could not be read."""
    problem = Problem("left_out", item.reason, file=item.path)
    path = item.path.rpartition("/")[0] or TOP
    return Planned(replace(_line(path), skill_md=item.path, problems=(problem,)))


def _line(path: str) -> Change:
    return Change(kind=ChangeKind.REFUSED, path=path)


def _copy(change: Change, first: Change, why: str) -> Change:
    """CHANGE, whose files are those of FIRST, for WHY: one skill is enough for both."""
    if first.kind == ChangeKind.REFUSED:
        return replace(change, problems=first.problems)
    return replace(
        change,
        kind=ChangeKind.COPY,
        name=first.name,
        written_name=first.written_name,
        number=first.number,
        is_settled=True,
        notes=_with(change.notes, why),
    )


def _few(notes: list[str]) -> list[str]:
    more = len(notes) - _MOST_NOTES
    return [*notes[:_MOST_NOTES], f"and {more:,} more such notes"] if more > 0 else notes


def _with(notes: tuple[str, ...], note: str) -> tuple[str, ...]:
    return (*notes, note) if note else notes
