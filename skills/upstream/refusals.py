"""Reasons for reading nothing that every kind of address can have."""

from skills.bundles.limits import human
from skills.lib.errors import Problem
from skills.upstream.address import Upstream, UpstreamLimits
from skills.upstream.failures import NotRead, PartNotRead


def too_large(upstream: Upstream, limits: UpstreamLimits) -> NotRead:
    text = f"{upstream.url} is larger than the {human(limits.size)} that are read of a source."
    return NotRead(Problem("source_too_large", text, "Move the skills into a repository of their own."))


def wants_token(upstream: Upstream, _limits: UpstreamLimits) -> NotRead:
    if upstream.token:
        text = f"{upstream.url} does not take the token."
        remedy = "Give a new token that may read the repository; as user:token where the host wants its user."
    else:
        text = f"{upstream.url} wants a token, or there is no such repository."
        remedy = "Check the spelling, or give a token that may read it."
    return NotRead(Problem("source_sign_in", text, remedy))


def redirects(url: str) -> PartNotRead:
    text = f"{url} sends its readers to another address, which is not followed."
    remedy = "Write the address it ends at; that of a repository at GitLab ends in .git."
    return PartNotRead(Problem("source_redirects", text, remedy))


def too_slow(upstream: Upstream, limits: UpstreamLimits) -> NotRead:
    text = f"{upstream.url} was not read within {limits.seconds:g} s: it sends too slowly, or nothing at all."
    remedy = "Try again later; of a large repository name a folder."
    return NotRead(Problem("source_too_slow", text, remedy))


def too_many(upstream: Upstream, limits: UpstreamLimits) -> NotRead:
    text = f"{upstream.url} holds more than {limits.files:,} files."
    return NotRead(Problem("source_too_large", text, "Name a folder of it, such as skills, or some names."))
