"""The skills of an archive or of files by path: found by their names, then read, each with its problems."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from skills.bundles.archive import open_archive
from skills.bundles.frontmatter import FILE
from skills.bundles.limits import BundleLimits, human
from skills.bundles.nearly_skills import is_nearly_a_skill
from skills.bundles.packs import SkillPlace, survey
from skills.bundles.tree import FileMap, Member, Tree
from skills.lib.errors import Problem, ProblemSeverity, Refused
from skills.lib.progress import reading

_SHORTEN = "Leave out what the agent does not need."
_MOST_NAMED = 10
_MOST_NEAR = 3


@dataclass(frozen=True, kw_only=True)
class UnpackedSkill:
    """One skill and its files. `path` is its folder in what was sent, "" where that is the skill.

    `problems` are notes on what was left out or renamed, and errors where a file cannot be had, which is then
    not among `files`.
    """

    path: str
    folder: str  # the name of the folder it lay in, "" where nobody knows
    files: dict[str, bytes]
    problems: list[Problem]


@dataclass(frozen=True)
class UnpackedPack:
    """Every skill, sorted by path, and problems of the whole: an error among them refuses all skills.

    `top` is the one folder that holds everything, "" where there is none.
    """

    top: str
    skills: list[UnpackedSkill]
    problems: list[Problem]

    @property
    def paths(self) -> list[str]:
        return [skill.path for skill in self.skills]


def unpack(content: bytes | Mapping[str, bytes], limits: BundleLimits) -> UnpackedPack:
    """Every skill in CONTENT: the bytes of an archive, or files by path."""
    try:
        tree: Tree = open_archive(content, limits) if isinstance(content, bytes) else FileMap(content)
        return _read_all(tree, limits)
    except Refused as refused:
        return UnpackedPack("", [], refused.problems)


def chosen(pack: UnpackedPack, path: str = "") -> UnpackedSkill:
    """The skill of PACK at PATH, else the only one; raises Refused where there is none, or several."""
    if errors := [problem for problem in pack.problems if problem.severity == ProblemSeverity.ERROR]:
        raise Refused(errors)
    by_path = {skill.path: skill for skill in pack.skills}
    if path:
        wanted = f"/{path.strip('/')}".removesuffix(f"/{FILE}").strip("/")
        below_top = f"{wanted}/".removeprefix(f"{pack.top}/").strip("/")
        found = by_path.get(wanted) or by_path.get(below_top)
        if found is None:
            text = f"There is no skill at {path!r}. {holds(pack)}"
            raise Refused(Problem("no_skill_md", text, "Name the folder of its SKILL.md."))
        return found
    if not by_path:
        text = "There is no SKILL.md, at the top or in a folder."
        raise Refused(Problem("no_skill_md", text, way_to_a_skill(pack.problems), file=FILE))
    # A skill at the top keeps those below it as its files.
    if "" in by_path or len(by_path) == 1:
        return by_path[min(by_path)]
    remedy = f"By API name one with ?path={min(by_path)}, or send all to …/packs; in the browser tick them."
    raise Refused(Problem("several_skills", holds(pack), remedy))


def way_to_a_skill(notes: Sequence[Problem]) -> str:
    """What to do about a tree without a SKILL.md, by the NOTES on what it holds instead."""
    others = [note.text for note in notes if note.code == "left_out" and is_nearly_a_skill(note.file)]
    return " ".join(others[:_MOST_NEAR]) or f"Add {FILE}."


def holds(pack: UnpackedPack) -> str:
    """How many skills PACK holds, and where."""
    paths = [path or "the top" for path in pack.paths]
    more = f" and {len(paths) - _MOST_NAMED} more" if len(paths) > _MOST_NAMED else ""
    skills = "skill" if len(paths) == 1 else "skills"
    return f"It holds {len(paths)} {skills}: {', '.join(paths[:_MOST_NAMED])}{more}."


def _read_all(tree: Tree, limits: BundleLimits) -> UnpackedPack:
    members = {member.name: member for member in tree.members}
    found = survey([member.name for member in tree.members])
    if len(found.skills) > limits.pack_skills:
        text = f"There are {len(found.skills):,} skills; at most {limits.pack_skills:,} are read at once."
        raise Refused(Problem("too_many_files", text, "Bring them in parts."))
    sizes = [members[name].size for place in found.skills for name in place.sources.values()]
    if len(found.skills) > 1 and sum(sizes) > limits.pack_unpacked:
        text = f"All skills have {human(sum(sizes))}; at most {human(limits.pack_unpacked)} are read at once."
        raise Refused(Problem("too_large", text, "Bring them in parts."))
    skills = [
        _read(tree, members, place, folder=place.path.rpartition("/")[2] or found.top, limits=limits)
        for place in found.skills
    ]
    return UnpackedPack(found.top, skills, [*tree.notes, *found.problems])


def _read(
    tree: Tree, members: Mapping[str, Member], place: SkillPlace, *, folder: str, limits: BundleLimits
) -> UnpackedSkill:
    """The files of the skill at PLACE, unless there are too many or too large ones."""
    wanted = {path: members[name] for path, name in place.sources.items()}
    problems = [*place.problems, *_too_much(wanted, limits)]
    files: dict[str, bytes] = {}
    room = limits.unpacked
    for path, member in wanted.items():
        room -= member.size
        if member.fault is not None:
            problems.append(member.fault)
        elif member.size <= limits.file and room >= 0:
            reading(path)
            try:
                files[path] = tree.read(member)
            except Refused as refused:
                problems += refused.problems
    return UnpackedSkill(path=place.path, folder=folder, files=files, problems=problems)


def _too_much(wanted: Mapping[str, Member], limits: BundleLimits) -> list[Problem]:
    problems = []
    if len(wanted) > limits.files:
        text = f"There are {len(wanted)} files; at most {limits.files} are accepted."
        problems.append(Problem("too_many_files", text, _SHORTEN))
    total = sum(member.size for member in wanted.values())
    if total > limits.unpacked:
        text = f"The files have {human(total)}; at most {human(limits.unpacked)} are accepted."
        problems.append(Problem("too_large", text, _SHORTEN))
    for path, member in sorted(wanted.items()):
        if member.size > limits.file:
            text = f"{path} has {human(member.size)}; at most {human(limits.file)} are accepted."
            problems.append(Problem("too_large", text, _SHORTEN, file=path))
    return problems


@dataclass(frozen=True)
class UnpackedTree:
    """The files of an archive under the names it gives them.

    Those that no skill keeps have no bytes here: their names tell what stays out. `left_out` says why links
    and devices are not there at all. An error among the problems refuses the whole.
    """

    files: dict[str, bytes]
    left_out: dict[str, str]
    problems: list[Problem]


def unpack_tree(data: bytes, limits: BundleLimits) -> UnpackedTree:
    """What the archive DATA holds, for whoever finds the skills in it by himself."""
    try:
        tree = open_archive(data, limits)
        found = survey([member.name for member in tree.members])
        kept = {name for place in found.skills for name in place.sources.values()}
        links = {
            member.name: member.fault.text
            for member in tree.members
            if member.fault is not None and member.fault.code == "not_a_file"
        }
        wanted = [member for member in tree.members if member.name in kept.difference(links)]
        files = {member.name: b"" for member in tree.members if member.name not in links}
        return UnpackedTree(files | _contents(tree, wanted, limits), links, [*tree.notes, *found.problems])
    except Refused as refused:
        return UnpackedTree({}, {}, refused.problems)


def _contents(tree: Tree, members: Sequence[Member], limits: BundleLimits) -> dict[str, bytes]:
    """The bytes of MEMBERS; raises Refused where one cannot be had, or all together are too many."""
    total = sum(member.size for member in members)
    if total > limits.pack_unpacked:
        text = f"All skills have {human(total)}; at most {human(limits.pack_unpacked)} are read at once."
        raise Refused(Problem("too_large", text, "Bring them in parts."))
    if faults := [member.fault for member in members if member.fault is not None]:
        raise Refused(faults)
    files: dict[str, bytes] = {}
    for member in members:
        if member.name in files:
            text = f"The archive holds {member.name!r} twice."
            raise Refused(
                Problem("duplicate_file", text, "Make it again, into a new file.", file=member.name)
            )
        reading(member.name)
        files[member.name] = tree.read(member)
    return files
