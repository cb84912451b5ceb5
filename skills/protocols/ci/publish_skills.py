"""Checks or publishes the skills of a repository, in CI or by hand, with nothing but Python and Git.

    publish_skills.py check --since COMMIT [FOLDER]
    publish_skills.py publish --since COMMIT [FOLDER]

SKILLHUB_URL and SKILLHUB_TEAM name the hub and the team, SKILLHUB_VISIBILITY who may read (team). In GitHub
Actions (`id-token: write`) and GitLab CI (`id_tokens: SKILLHUB_ID_TOKEN`) the run itself is the proof of who
publishes (trusted publishing); elsewhere a token stands in SKILLHUB_TOKEN. Only skills that changed since
COMMIT are sent; without one, or where Git does not know it, all are, and the hub leaves alone what it has.

Exit status: 0 all is well · 1 something was refused · 2 wrong use, or the hub cannot be reached.
"""

import argparse
import hashlib
import io
import json
import os
import stat
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
import zipfile
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

REFUSED, USAGE = 1, 2
SECONDS = 120  # for one request
TRIES, MOST_PATIENCE = 5, 90  # where the hub asks to wait
RENEW = 480  # seconds after which a run of GitHub gets another token: they live for ten minutes
COMMANDS = {"error": "error", "warning": "warning", "note": "notice"}  # of GitHub's annotations
SEVERITIES = {"error": "major", "warning": "minor", "note": "info"}  # of GitLab's code quality


class Stop(Exception):
    """Nothing further can be done."""


@dataclass(frozen=True)
class Found:
    """A skill of the repository: its folder, and its files as paths within the repository."""

    folder: PurePosixPath
    files: tuple[PurePosixPath, ...]


@dataclass
class Annotations:
    """What is said about files, for people and for what reads annotations."""

    in_github: bool
    entries: list[dict[str, Any]] = field(default_factory=list)
    errors: int = 0

    def add(self, severity: str, text: str, path: str = "", line: int = 0, code: str = "skillhub") -> None:
        self.errors += severity == "error"
        say(severity, f"{path}:{line or 1}: {text}" if path else text)
        if self.in_github:
            where = f"file={_property(path)},line={line or 1}," if path else ""
            print(f"::{COMMANDS[severity]} {where}title={_property(code)}::{_message(text)}")
        mark = hashlib.sha256(f"{path} {line} {code} {text}".encode()).hexdigest()
        self.entries.append(
            {
                "description": text,
                "check_name": code,
                "fingerprint": mark,
                "severity": SEVERITIES[severity],
                "location": {"path": path or ".", "lines": {"begin": line or 1}},
            }
        )


def say(what: str, text: str) -> None:
    """Print one line; begun by ours, because a line of others could begin with a command for the runner."""
    print(f"{what}: {' '.join(text.split())}")


def _message(text: str) -> str:
    """TEXT as a workflow command takes it: a line break would begin a command of its own."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _message(text).replace(":", "%3A").replace(",", "%2C")


# The repository


def git(words: "list[str]") -> bytes:
    # A path that begins with a dash is no option: every call ends its options before paths.
    return subprocess.run(("git", *words), check=True, capture_output=True).stdout


def tracked(folder: str, report: Annotations) -> list[PurePosixPath]:
    """The files that Git tracks in FOLDER; all that are there where it is in no repository."""
    if not in_repository(folder):
        names = [path.as_posix() for path in Path(folder).rglob("*") if path.is_file()]
        return sorted(map(PurePosixPath, names))
    try:
        names = git(["ls-files", "-z", "--", folder]).decode("utf-8", "surrogateescape").split("\0")
    except OSError:
        raise Stop("Git is not installed here, and says which files are the repository's.") from None
    except subprocess.CalledProcessError as error:
        # Not passed over: without its word, files would be sent that nobody has committed.
        raise Stop(f"Git refuses to read the repository: {error.stderr.decode(errors='replace')}") from None
    paths = sorted(PurePosixPath(name) for name in names if name)
    for path in paths:
        if not Path(path).is_file():
            report.add("warning", "not a file here, so it is left out", str(path))
    return [path for path in paths if Path(path).is_file()]


def in_repository(folder: str) -> bool:
    place = Path(folder).resolve()
    return any((above / ".git").exists() for above in (place, *place.parents))


def find(paths: list[PurePosixPath]) -> list[Found]:
    """Every folder of PATHS with a SKILL.md, and the files that belong to no skill within it."""
    homes = {path.parent for path in paths if path.name.lower() == "skill.md"}
    owned: dict[PurePosixPath, list[PurePosixPath]] = {home: [] for home in homes}
    for path in paths:
        home = next((folder for folder in path.parents if folder in homes), None)
        if home is not None:
            owned[home].append(path)
    return [Found(home, tuple(files)) for home, files in sorted(owned.items())]


def changed_since(commit: str) -> "set[PurePosixPath] | None":
    """What differs from COMMIT; None where that cannot be told."""
    if not commit.strip("0") or commit.startswith("-"):
        return None
    try:
        names = git(["diff", "--name-only", "--no-renames", "-z", commit, "HEAD", "--"])
    except (OSError, subprocess.CalledProcessError):
        return None
    return {PurePosixPath(name) for name in names.decode("utf-8", "surrogateescape").split("\0") if name}


def packed(skill: Found, report: Annotations) -> bytes:
    """The files of SKILL as a zip that is the same whenever they are."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in skill.files:
            here = Path(path)
            if here.is_symlink():
                report.add("warning", "a symbolic link is left out", str(path))
                continue
            entry = zipfile.ZipInfo(path.relative_to(skill.folder).as_posix(), (1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = (0o755 if here.stat().st_mode & stat.S_IXUSR else 0o644) << 16
            archive.writestr(entry, here.read_bytes())
    return buffer.getvalue()


# The hub


class Hub:
    """The API of one hub, with a token of the run or of the environment."""

    def __init__(self, url: str, team: str) -> None:
        self.api = f"{url.rstrip('/')}/api/v1"
        self.team = team
        self.token = os.environ.get("SKILLHUB_TOKEN", "")
        self.until = float("inf") if self.token else 0.0

    @staticmethod
    def has_proof() -> bool:
        """Whether there is anything to sign in with."""
        names = ("SKILLHUB_TOKEN", "SKILLHUB_ID_TOKEN", "ACTIONS_ID_TOKEN_REQUEST_URL")
        return any(os.environ.get(name) for name in names)

    def post(self, path: str, body: bytes) -> "tuple[int, dict[str, Any]]":
        """The status and the JSON that the hub answers to a zip."""
        headers = {"Content-Type": "application/zip", "Authorization": f"Bearer {self._bearer()}"}
        return _asked(f"{self.api}{path}", headers, body)

    def _bearer(self) -> str:
        if time.monotonic() >= self.until:
            body = json.dumps({"team": self.team, "token": self._id_token()}).encode()
            headers = {"Content-Type": "application/json"}
            status, answer = _asked(f"{self.api}/trusted-publishing", headers, body)
            if status != 201:
                raise Stop("The hub does not trust this run. " + " ".join(map(said, problems_of(answer))))
            self.token = str(answer["token"])
            renews = bool(os.environ.get("ACTIONS_ID_TOKEN_REQUEST_URL"))
            self.until = time.monotonic() + RENEW if renews else float("inf")
        return self.token

    def _id_token(self) -> str:
        if given := os.environ.get("SKILLHUB_ID_TOKEN"):
            return given
        address = os.environ.get("ACTIONS_ID_TOKEN_REQUEST_URL", "")
        if not address:
            raise Stop("There is no token: give the job `id-token: write`, or set SKILLHUB_TOKEN.")
        status, about = _asked(f"{self.api}/trusted-publishing", {}, None)
        if status != 200:
            raise Stop(f"{self.api} is no SkillHub with trusted publishing: it answered {status}.")
        audience = urllib.parse.quote(str(about["audience"]), safe="")
        secret = os.environ.get("ACTIONS_ID_TOKEN_REQUEST_TOKEN", "")
        joined = f"{address}{'&' if '?' in address else '?'}audience={audience}"
        status, answer = _asked(joined, {"Authorization": f"Bearer {secret}"}, None)
        if status != 200:
            raise Stop(f"GitHub gives this run no token: it answered {status}.")
        return str(answer["value"])


def _asked(address: str, headers: "dict[str, str]", body: "bytes | None") -> "tuple[int, dict[str, Any]]":
    for _ in range(TRIES):
        status, answer, wait = _once(address, headers, body)
        if status not in (429, 503) or not wait:
            break
        time.sleep(min(wait, MOST_PATIENCE))
    return status, answer


def _once(address: str, headers: "dict[str, str]", body: "bytes | None") -> "tuple[int, dict[str, Any], int]":
    """Status, JSON and the seconds after which to ask again."""
    given = {"User-Agent": "publish_skills", "Accept": "application/json"} | headers
    request = urllib.request.Request(address, data=body, headers=given)  # noqa: S310 - the user's hub
    try:
        with urllib.request.urlopen(request, timeout=SECONDS) as answer:  # noqa: S310
            return answer.status, json.loads(answer.read()), 0
    except urllib.error.HTTPError as error:
        wait = error.headers.get("Retry-After", "")
        try:
            document = json.loads(error.read())
        except ValueError:
            document = {"title": f"The hub answered {error.code}."}
        return error.code, document, int(wait) if wait.isdigit() else 0
    except (OSError, ValueError) as error:
        raise Stop(f"{urllib.parse.urlsplit(address).netloc} cannot be reached: {error}") from None


def problems_of(answer: "dict[str, Any]") -> "list[dict[str, Any]]":
    return answer.get("problems") or [{"text": answer.get("detail") or answer.get("title") or "Refused."}]


def said(problem: "dict[str, Any]") -> str:
    return f"{problem.get('text', '')} {problem.get('remedy', '')}".strip()


# The two errands


def tell(problems: "list[dict[str, Any]]", skill: Found, report: Annotations) -> None:
    for problem in problems:
        path = str(skill.folder / (problem.get("file") or "SKILL.md"))
        severity = problem.get("severity", "error")
        code, line = problem.get("code", "skillhub"), problem.get("line", 0)
        report.add(severity, said(problem), path, line=line, code=code)


def check(hub: Hub, skill: Found, report: Annotations) -> None:
    status, answer = hub.post("/check", packed(skill, report))
    tell(problems_of(answer) if status != 200 else answer["problems"], skill, report)
    if status == 200 and answer["accepted"]:
        say("accepted", f"{answer['name']} in {skill.folder}")


def publish(hub: Hub, skill: Found, report: Annotations) -> None:
    visibility = os.environ.get("SKILLHUB_VISIBILITY") or "team"
    path = f"/teams/{urllib.parse.quote(hub.team, safe='')}/versions"
    query = urllib.parse.urlencode({"visibility": visibility})
    status, answer = hub.post(f"{path}?{query}", packed(skill, report))
    if status not in (200, 201):
        tell(problems_of(answer), skill, report)
        return
    name = f"{answer['team']}/{answer['name']} {answer['version']}"
    if status == 200:
        say("unchanged", f"{name} in {skill.folder}")
    else:
        report.add("note", f"{name} waits for review: {answer['review']}", str(skill.folder / "SKILL.md"))


def read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Check or publish the skills of a repository.")
    parser.add_argument("errand", choices=["check", "publish"])
    parser.add_argument("folder", nargs="?", default=".")
    parser.add_argument("--since", default="", help="send only what changed since this commit")
    parser.add_argument("--code-quality", default="", metavar="FILE", help="write GitLab's report there")
    # Else the folder, which may be left out, could not follow an option.
    return parser.parse_intermixed_args()


def run(arguments: argparse.Namespace, report: Annotations) -> None:
    url, team = os.environ.get("SKILLHUB_URL", ""), os.environ.get("SKILLHUB_TEAM", "")
    if not url or not team:
        raise Stop("Set SKILLHUB_URL and SKILLHUB_TEAM.")
    skills = find(tracked(arguments.folder, report))
    changes = changed_since(arguments.since)
    chosen = [skill for skill in skills if changes is None or changes.intersection(skill.files)]
    gone = {path.parent for path in changes or () if path.name.lower() == "skill.md"} - {
        skill.folder for skill in skills
    }
    for folder in sorted(gone):
        report.add("note", f"{folder} has no skill any more; its versions stay until somebody yanks them")
    say("found", f"{len(skills)} skills, {len(chosen)} to {arguments.errand}")
    if arguments.errand == "check" and not Hub.has_proof():
        # A pull request of a fork gets no token, which is no fault of who opened it.
        report.add("warning", "Nothing was checked: runs of forks have no token.")
        return
    errand = check if arguments.errand == "check" else publish
    hub = Hub(url, team)
    for skill in chosen:
        errand(hub, skill, report)


def main() -> int:
    arguments = read_arguments()
    report = Annotations(in_github=os.environ.get("GITHUB_ACTIONS") == "true")
    status = 0
    try:
        run(arguments, report)
    except Stop as stop:
        report.add("error", str(stop))
        status = USAGE
    if arguments.code_quality:
        Path(arguments.code_quality).write_text(json.dumps(report.entries), encoding="utf-8")
    return status or (REFUSED if report.errors else 0)


if __name__ == "__main__":
    sys.exit(main())
