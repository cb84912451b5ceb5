"""Runs `git` over what strangers serve, with nothing of ours in its reach (docs/decisions/0034).

No environment, no configuration but the text below, no hooks, no filters, no helpers, no work tree; limits of
the kernel on memory, processor time and files; a group of its own that ends with its time and with us.
"""

import base64
import contextlib
import os
import selectors
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from skills.lib import outgoing
from skills.lib.errors import Problem
from skills.upstream.address import Upstream, UpstreamLimits
from skills.upstream.failures import NotRead
from skills.upstream.refusals import too_slow

_OLDEST = (2, 37)  # http.curloptResolve
_MEMORY = 1_000_000_000  # bytes of address space; packs are mapped in windows
_OPEN_FILES = 256
_MOST_PROCESSOR_SECONDS = 60
_MOST_SAID = 64_000  # bytes of what git prints that are kept
_PART = 65_536
_KILOBYTE, _BLOCK = 1_024, 512  # bytes; the units of ulimit -v and -f (POSIX)
# After which a command ends that nobody ended, beyond the time of a reading: what was fetched is brought in
# meanwhile, skill by skill.
_GRACE_OF_ASKING, _GRACE_OF_READING = 5, 3_600  # seconds
_SLOW = (1_000, 20)  # bytes a second over so many seconds: a server below that is given up


@dataclass(frozen=True)
class Said:
    """How git ended and the end of what it printed."""

    status: int
    text: str


@dataclass(frozen=True, kw_only=True)
class Git:
    """`git` over one bare repository, which it may fill from one address until the moment `until`."""

    repository: Path
    upstream: Upstream
    limits: UpstreamLimits
    until: float

    def ask(self, *arguments: str) -> Said:
        """Run a command that talks to the address. Raises NotRead where it takes too long."""
        configuration = _network_configuration(self.upstream, self.limits)
        allowed = outgoing.parse_url(self.upstream.url).scheme
        with self._started(arguments, configuration, allowed) as process:
            text = _all_said(process, self.until)
            if text is None:
                raise too_slow(self.upstream, self.limits)
            return Said(process.wait(), text.decode("utf-8", "replace"))

    @contextlib.contextmanager
    def reading(self, *arguments: str) -> Iterator["subprocess.Popen[bytes]"]:
        """A command that reads the repository and talks to nobody: its input and output are pipes."""
        with self._started(arguments, _CONFIGURATION, "none", stdin=subprocess.PIPE) as process:
            yield process

    @contextlib.contextmanager
    def _started(
        self, arguments: Sequence[str], configuration: str, allowed: str, stdin: int = subprocess.DEVNULL
    ) -> Iterator["subprocess.Popen[bytes]"]:
        grace = _GRACE_OF_READING if stdin == subprocess.PIPE else _GRACE_OF_ASKING
        with _in_memory(configuration) as descriptor:
            process = subprocess.Popen(
                [*_limited(self.limits, grace), program(), *arguments],
                stdin=stdin,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL if stdin == subprocess.PIPE else subprocess.STDOUT,
                cwd="/",
                env=_environment(self.repository, descriptor, allowed),
                pass_fds=[descriptor],
                start_new_session=True,  # a group of its own, so that all of it ends together
            )
        try:
            yield process
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            for pipe in (process.stdin, process.stdout):
                if pipe:
                    with contextlib.suppress(BrokenPipeError):
                        pipe.close()
            process.wait()


@cache
def program() -> str:
    """Where git is; raises NotRead where it is not, or is too old."""
    found = shutil.which("git")
    if found is None:
        raise NotRead(
            Problem("source_no_git", "Git is not installed here.", "Ask the operator to install git.")
        )
    done = subprocess.run([found, "version"], capture_output=True, text=True, env={}, check=False)
    numbers = done.stdout.removeprefix("git version ").split(".")[:2]
    if not all(map(str.isdecimal, numbers)) or tuple(map(int, numbers)) < _OLDEST:
        text = f"Git {'.'.join(map(str, _OLDEST))} or newer is needed; here is {done.stdout.strip()[:50]!r}."
        raise NotRead(Problem("source_no_git", text, "Ask the operator to install a newer git."))
    return found


@contextlib.contextmanager
def _in_memory(text: str) -> Iterator[int]:
    """A descriptor of a file that is on no disk and has no name: the token is in it."""
    descriptor = os.memfd_create("git-config")
    try:
        os.write(descriptor, text.encode())
        yield descriptor
    finally:
        os.close(descriptor)


def _environment(repository: Path, configuration: int, allowed: str) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("LD_LIBRARY_PATH",) if name in os.environ}
    return {
        "PATH": os.defpath,
        "HOME": "/nonexistent",  # no .netrc, no .gitconfig
        "LC_ALL": "C",  # its messages are read below
        "GIT_DIR": str(repository),
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": f"/dev/fd/{configuration}",
        "GIT_ATTR_NOSYSTEM": "1",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_ALLOW_PROTOCOL": allowed,
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_NO_REPLACE_OBJECTS": "1",
        "GIT_OPTIONAL_LOCKS": "0",
        **kept,
    }


_CONFIGURATION = """
[core]
    hooksPath = /dev/null
    attributesFile = /dev/null
    excludesFile = /dev/null
    askPass =
    fsmonitor = false
    bigFileThreshold = 1m
    packedGitWindowSize = 16m
    packedGitLimit = 256m
    deltaBaseCacheLimit = 32m
[credential]
    helper =
[gc]
    auto = 0
[maintenance]
    auto = false
[pack]
    threads = 1
[protocol]
    allow = never
    version = 2
[submodule]
    recurse = false
[transfer]
    fsckObjects = true
    unpackLimit = 1
    bundleURI = false
[fetch]
    writeCommitGraph = false
    recurseSubmodules = false
    showForcedUpdates = false
[fetch "fsck"]
    # Faults of old commits that harm nobody; every other one that fsck knows ends the reading.
    badTimezone = ignore
    missingSpaceBeforeDate = ignore
    zeroPaddedFilemode = ignore
"""


def _network_configuration(upstream: Upstream, limits: UpstreamLimits) -> str:
    """How the address may be asked; raises NotRead where it leads to a network that is not read."""
    target = outgoing.parse_url(upstream.url)
    try:
        address = outgoing.source_address(target)
    except outgoing.NotAllowed as error:
        remedy = "Name a public host, or ask the operator to add the host to SOURCE_HOSTS."
        raise NotRead(Problem("source_address", str(error), remedy)) from None
    slowest, seconds = _SLOW
    lines = [
        "[http]",
        "    followRedirects = false",
        "    proxy =",
        f"    lowSpeedLimit = {slowest}",
        f"    lowSpeedTime = {min(seconds, int(limits.seconds) or 1)}",
    ]
    if ":" not in target.host:  # an IPv6 address is looked up by nobody
        # The address that was checked: asking for the name again could get another answer (DNS rebinding).
        pin = f"{target.host}:{target.port}:{_bracketed(address)}"
        lines.append(f"    curloptResolve = {_quoted(pin)}")
    if authorities := os.environ.get("SSL_CERT_FILE"):
        lines.append(f"    sslCAInfo = {_quoted(authorities)}")
    if upstream.token:
        lines += [
            f"[http {_quoted(upstream.url)}]",
            f"    extraHeader = {_quoted(f'Authorization: {authorization(upstream.token)}')}",
        ]
    lines += [f'[protocol "{target.scheme}"]', "    allow = always"]
    return _CONFIGURATION + "\n".join(lines) + "\n"


def authorization(token: str) -> str:
    """The header's value for a Git host: TOKEN alone, or `user:token` where the host wants its user."""
    # Every host that takes tokens over https takes any user with one; this is GitHub's name for it.
    pair = token if ":" in token else f"x-access-token:{token}"
    return f"Basic {base64.b64encode(pair.encode()).decode()}"


def _quoted(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _bracketed(address: str) -> str:
    return f"[{address}]" if ":" in address else address


def _limited(limits: UpstreamLimits, grace: int) -> list[str]:
    """The words before a command with limits of the kernel, which ends even if we are killed before it.

    A shell sets them, not a function between fork and exec: that would copy the tables of all our memory.
    """
    processor = int(min(max(limits.seconds, 1), _MOST_PROCESSOR_SECONDS))
    wanted = {
        "v": _MEMORY // _KILOBYTE,
        "f": -(-limits.size // _BLOCK),  # rounded up
        "t": processor,
        "n": _OPEN_FILES,
        "c": 0,
    }
    set_limits = "".join(f"ulimit -{letter} {most} && " for letter, most in wanted.items())
    end = f"exec timeout -s KILL {int(limits.seconds) + grace}"
    return ["/bin/sh", "-c", f'{set_limits}{end} "$@"', "sh"]


def _all_said(process: "subprocess.Popen[bytes]", until: float) -> bytes | None:
    """The end of what PROCESS printed until it closed its output; None where that takes too long."""
    assert process.stdout is not None
    text = b""
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)
        while selector.select(max(0.0, min(until - time.monotonic(), 3_600))):
            part = os.read(process.stdout.fileno(), _PART)
            if not part:
                return text
            text = (text + part)[-_MOST_SAID:]
            if time.monotonic() > until:
                break
    return None
