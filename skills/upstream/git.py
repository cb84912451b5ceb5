"""A Git repository behind https, read with `git` itself (docs/decisions/0034)."""

import re
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from skills.bundles.git_pointers import POINTER_SIZES, is_git_pointer
from skills.bundles.limits import human
from skills.lib.errors import Problem
from skills.upstream import git_objects, git_refusals, links
from skills.upstream.address import Upstream, UpstreamLimits, is_commit
from skills.upstream.failures import NotRead
from skills.upstream.git_objects import GitObject, GitObjects, TreeEntry
from skills.upstream.git_process import Git
from skills.upstream.kept_repositories import kept_repository, reset_configuration, size_of, sweep
from skills.upstream.refusals import too_large, too_many
from skills.upstream.trees import FileReader, FileTree, LeftOut, Snapshot, UpstreamFile

_TIP = "refs/upstream/tip"
_FETCH = (
    "--quiet",
    "--no-tags",
    "--no-write-fetch-head",
    "--no-auto-maintenance",
    "--no-recurse-submodules",
)
_NEWEST = "--depth=1"
_NO_FILES = "--filter=blob:none"
_AT_ONCE = 5_000  # files that are asked for by name in one request, which is a command line of 200 KB
_LINK, _SUBMODULE = "120000", "160000"  # modes of entries
_OTHER_REPOSITORY = "is a submodule: another repository, which is not read. Add that one as a source."
_LFS_POINTER = "is a pointer of Git LFS: its bytes lie elsewhere and are not fetched. Keep it in Git itself."
_NOWHERE = Path("/nonexistent")  # ls-remote needs no repository
_NOT_UTF8 = "has a name that is not UTF-8."


def revision(upstream: Upstream, limits: UpstreamLimits) -> str:
    """The commit that the branch or tag stands at."""
    if is_commit(upstream.ref):
        return upstream.ref
    git = Git(repository=_NOWHERE, upstream=upstream, limits=limits, until=_end(limits))
    names = _names_of(upstream.ref)
    said = git.ask("ls-remote", "--", upstream.url, *names, *(f"{name}^{{}}" for name in names))
    if said.status:
        raise git_refusals.refusal(upstream, limits, said)
    lines = re.findall(r"^([0-9a-f]{40,64})\t(\S+)$", said.text, re.MULTILINE)
    commits: dict[str, str] = {name: oid for oid, name in lines}
    for name in names:
        if name in commits:
            return commits.get(f"{name}^{{}}", commits[name])  # what an annotated tag stands for
    raise git_refusals.no_such_ref(upstream)


def _names_of(ref: str) -> list[str]:
    """What REF may stand for, in the order in which Git itself tries it (gitrevisions(7))."""
    return [ref, f"refs/{ref}", f"refs/tags/{ref}", f"refs/heads/{ref}"] if ref else ["HEAD"]


def _end(limits: UpstreamLimits) -> float:
    return time.monotonic() + limits.seconds


@contextmanager
def opened(upstream: Upstream, limits: UpstreamLimits, known: Mapping[str, str]) -> Iterator[Snapshot]:
    """The files of that commit."""
    with kept_repository(upstream, limits.size) as repository:
        git = Git(repository=repository, upstream=upstream, limits=limits, until=_end(limits))
        _fetch(git)
        with git.reading("cat-file", "--batch-command", "--buffer") as process:
            objects = GitObjects(git, process)
            commit, tree = _commit_and_tree(upstream, objects)
            if upstream.folder:
                _fetch_files(git, objects, tree)
            listed = _listed(git, objects, tree)
            files = FileTree(files=listed.files, read=_reader(listed.files, objects), links=listed.links)
            yield Snapshot(
                revision=commit,
                tree=files,
                left_out=tuple(sorted(listed.left_out, key=lambda left: left.path)),
                unchanged=frozenset(folder for folder, mark in known.items() if files.mark(folder) == mark),
            )
    sweep()


def _fetch(git: Git) -> None:
    """Bring the newest commit into the repository, without its history and without its largest files.

    Where a folder is read, without any files, if the server leaves them out: those of the folder come after.
    """
    _ask(git, (_NEWEST, _NO_FILES if git.upstream.folder else _no_large_files(git)), [_tip(git)])


def _fetch_files(git: Git, objects: GitObjects, tree: str) -> None:
    """Bring what is missing of the files in TREE: by name, else all of the commit but large ones."""
    oids = sorted({entry.oid for entry in git_objects.entries(git, tree) if entry.mode != _SUBMODULE})
    missing = [oid for oid, fact in zip(oids, objects.facts(oids), strict=True) if fact is None]
    try:
        for start in range(0, len(missing), _AT_ONCE):
            _ask(git, (_NO_FILES,), missing[start : start + _AT_ONCE])
    except NotRead:
        # The server gives no single files, or one of them is beyond every limit.
        _ask(git, (_NEWEST, _no_large_files(git)), [_tip(git)])


def _tip(git: Git) -> str:
    return f"+{git.upstream.ref or 'HEAD'}:{_TIP}"


def _no_large_files(git: Git) -> str:
    return f"--filter=blob:limit={git.limits.file + 1}"


def _ask(git: Git, options: Sequence[str], wanted: Sequence[str]) -> None:
    """Fetch what is WANTED; raises NotRead where that fails or brings more than the limit."""
    upstream, limits = git.upstream, git.limits
    before = size_of(git.repository)
    # A server takes every file of a commit that we have for one that we have.
    negotiation = "noop" if upstream.folder else "default"
    head = ("-c", f"fetch.negotiationAlgorithm={negotiation}", "fetch", *_FETCH)
    said = git.ask(*head, *options, "--", upstream.url, *wanted)
    # With a filter git notes the address as one that it asks for what is missing, also while it reads.
    reset_configuration(git.repository)
    # First: of a pack that grew to the limit git only says that something is wrong with it.
    if size_of(git.repository) - before >= limits.size:
        raise too_large(upstream, limits)
    if said.status:
        raise git_refusals.refusal(upstream, limits, said)


def _commit_and_tree(upstream: Upstream, objects: GitObjects) -> tuple[str, str]:
    """The commit at the tip, and the folder of it that is read."""
    commit, tree = objects.facts([f"{_TIP}^{{commit}}", f"{_TIP}:{upstream.folder}"])
    if commit is None:
        text = f"{upstream.ref!r} at {upstream.url} is no commit."
        raise NotRead(Problem("source_missing", text, "Name a branch, a tag or a commit."))
    if tree is None or tree.kind != "tree":
        text = f"There is no folder {upstream.folder!r} in {upstream.url} at {commit.oid[:12]}."
        raise NotRead(Problem("source_missing", text, "Write the folder from the repository's top."))
    return commit.oid, tree.oid


@dataclass
class _Listed:
    """What a tree holds, what of it stands for something else in it, and what is not read."""

    files: dict[str, UpstreamFile] = field(default_factory=dict)
    links: dict[str, str] = field(default_factory=dict)
    left_out: list[LeftOut] = field(default_factory=list)

    def leave_out(self, path: str, reason: str) -> None:
        self.left_out.append(LeftOut(path, reason))


def _listed(git: Git, objects: GitObjects, tree: str) -> _Listed:
    listed = _Listed()
    present: list[tuple[str, TreeEntry]] = []
    for entry in git_objects.entries(git, tree):
        try:
            path = entry.path.decode()
        except UnicodeDecodeError:
            listed.leave_out(entry.path.decode("utf-8", "backslashreplace"), _NOT_UTF8)
            continue
        if entry.mode == _SUBMODULE:
            listed.leave_out(path, _OTHER_REPOSITORY)
        else:
            present.append((path, entry))
    targets: dict[str, str] = {}
    facts = objects.facts(entry.oid for _, entry in present)
    for (path, entry), fact in zip(present, facts, strict=True):
        most = links.LONGEST_TARGET if entry.mode == _LINK else git.limits.file
        if fact is None or fact.size > most:
            listed.leave_out(path, _too_large(fact, most))
        elif entry.mode == _LINK:
            targets[path] = entry.oid
        else:
            listed.files[path] = UpstreamFile(fact.size, entry.oid)
    _leave_out_pointers(listed, objects)
    _follow_links(git, listed, targets, objects)
    return listed


def _too_large(fact: GitObject | None, most: int) -> str:
    size = f"has {human(fact.size)}" if fact else "is larger"
    return f"{size}; at most {human(most)} of one file are read."


def _leave_out_pointers(listed: _Listed, objects: GitObjects) -> None:
    suspects = [path for path, file in listed.files.items() if file.size in POINTER_SIZES]
    contents = objects.contents(listed.files[path].content for path in suspects)
    for path, data in zip(suspects, contents, strict=True):
        if is_git_pointer(data):
            del listed.files[path]
            listed.leave_out(path, _LFS_POINTER)


def _follow_links(git: Git, listed: _Listed, oids: Mapping[str, str], objects: GitObjects) -> None:
    contents = objects.contents(oids.values())
    targets = {path: data.decode("utf-8", "replace") for path, data in zip(oids, contents, strict=True)}
    followed = links.follow(targets, listed.files, git.limits.files)
    listed.left_out += followed.left_out
    listed.files |= followed.files
    listed.links |= followed.targets
    if len(listed.files) > git.limits.files:
        raise too_many(git.upstream, git.limits)


def _reader(files: Mapping[str, UpstreamFile], objects: GitObjects) -> FileReader:
    def read(paths: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        wanted = list(paths)
        yield from zip(wanted, objects.contents(files[path].content for path in wanted), strict=True)

    return read
