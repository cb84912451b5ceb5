"""Whether a run is the one that an admin wrote down, and what differs where it is not."""

from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase

from skills.publishers.id_tokens import Claims
from skills.publishers.models import IssuerKind, TrustedPublisher
from skills.publishers.runs import CiRun, text


@dataclass(frozen=True)
class ClaimDifference:
    """One claim that is not as it was written down."""

    claim: str
    expected: str
    said: str

    def __str__(self) -> str:
        return f"{self.claim}: expected {self.expected or 'none'}, but the run says {self.said or 'none'}"


def names_repository(publisher: TrustedPublisher, run: CiRun) -> bool:
    """Whether RUN is of the repository by its name; both providers ignore the case of names."""
    if publisher.kind == IssuerKind.OTHER:
        return publisher.repository == run.repository
    return publisher.repository.lower() == run.repository.lower()


def is_another(publisher: TrustedPublisher, run: CiRun) -> bool:
    """Whether the name belongs to somebody else today than at first use."""
    pinned = ((publisher.owner_id, run.owner_id), (publisher.repository_id, run.repository_id))
    return any(known and known != said for known, said in pinned)


def differences(publisher: TrustedPublisher, run: CiRun, claims: Claims) -> list[ClaimDifference]:
    """What keeps RUN of the right repository from being the one that PUBLISHER names."""
    return list(_differences(publisher, run, claims))


def _differences(publisher: TrustedPublisher, run: CiRun, claims: Claims) -> Iterator[ClaimDifference]:
    if publisher.workflow and publisher.workflow != run.workflow:
        yield ClaimDifference("workflow", publisher.workflow, run.workflow)
    for name, expected in publisher.claims.items():
        if text(claims, name) != expected:
            yield ClaimDifference(name, expected, text(claims, name))
    if run.is_pull_request:
        # A check of what nobody has merged yet: neither its branch nor its environment is that of a release.
        if not publisher.checks_pull_requests:
            yield ClaimDifference("event", "no pull request", "a pull request")
        return
    if publisher.environment and publisher.environment.lower() != run.environment.lower():
        yield ClaimDifference("environment", publisher.environment, run.environment)
    if publisher.ref and not fnmatchcase(run.ref, publisher.ref):
        yield ClaimDifference("ref", publisher.ref, run.ref)
