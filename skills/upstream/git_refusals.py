"""What git printed before it gave up, as a problem that says the cause and the way out."""

import re
from collections.abc import Callable

from skills.lib.errors import Problem
from skills.upstream.address import Upstream, UpstreamLimits
from skills.upstream.failures import NotRead
from skills.upstream.git_process import Said, authorization
from skills.upstream.refusals import redirects, too_large, too_slow, wants_token

_LONGEST = 200  # characters of git's own words
_UNPRINTABLE = re.compile(r"[^\x20-\x7e\xa0-\uffff]")


def refusal(upstream: Upstream, limits: UpstreamLimits, said: Said) -> NotRead:
    """Why git ended without what it was asked for."""
    for pattern, made in _REFUSALS:
        if pattern.search(said.text):
            return made(upstream, limits)
    words = _last_words(said.text, upstream.token)
    if _UNREACHABLE.search(said.text):
        text = f"{upstream.url} cannot be reached: {words}"
        return NotRead(Problem("source_unreachable", text, "Check the address and try again later."))
    text = f"Git cannot read {upstream.url}: {words}"
    return NotRead(Problem("source_damaged", text, "Look whether git clone and git fsck take it."))


def no_such_ref(upstream: Upstream) -> NotRead:
    if not upstream.ref:
        text = f"{upstream.url} is empty: it has no commit."
        return NotRead(Problem("source_missing", text, "Push a commit, or name a branch."))
    text = f"{upstream.url} has no branch, tag or commit {upstream.ref!r}."
    remedy = "Write it as git branch or git tag shows it; a commit with all its digits."
    return NotRead(Problem("source_missing", text, remedy))


def _no_commit(upstream: Upstream, _limits: UpstreamLimits) -> NotRead:
    return no_such_ref(upstream)


def _no_repository(upstream: Upstream, _limits: UpstreamLimits) -> NotRead:
    text = f"There is no Git repository at {upstream.url}."
    remedy = "Check the spelling; for a private repository give a token that may read it."
    return NotRead(Problem("source_missing", text, remedy))


def _redirects(upstream: Upstream, _limits: UpstreamLimits) -> NotRead:
    return redirects(upstream.url)


# By what git and curl print in the locale C; the first that is found counts.
_REFUSALS: tuple[tuple[re.Pattern[str], Callable[[Upstream, UpstreamLimits], NotRead]], ...] = (
    (re.compile(r"could not read Username|Authentication failed|error: 40[13]"), wants_token),
    (re.compile(r"couldn't find remote ref|no such remote ref|not our ref|unadvertised object"), _no_commit),
    (re.compile(r"error: 4(04|10)|repository '.{1,500}' not found"), _no_repository),
    (re.compile(r"error: 30[1-8]"), _redirects),
    (re.compile(r"[Oo]ut of memory|cannot allocate"), too_large),
    (re.compile(r"Operation too slow|Operation timed out|Timeout was reached"), too_slow),
)
_UNREACHABLE = re.compile(r"unable to access|unable to connect|hung up|RPC failed")


def _last_words(text: str, token: str) -> str:
    """The last line of git's own: what the other side says about itself begins with `remote:`."""
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("remote:")]
    words = _UNPRINTABLE.sub(" ", lines[-1] if lines else "it ended without a word.")
    if token:
        for secret in (token, authorization(token).removeprefix("Basic ")):
            words = words.replace(secret, "***")
    return words.removeprefix("fatal: ").strip()[:_LONGEST]
