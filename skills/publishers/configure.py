"""Admins write down which runs of CI may publish, and take that back."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.db import transaction

from skills.audit.record import record
from skills.bundles.names import NAME, NAME_LENGTH
from skills.lib.clock import now
from skills.lib.errors import Conflict, Refused, refuse
from skills.lib.outgoing import NotAllowed
from skills.people import rules, teams
from skills.people.actor import Actor
from skills.people.models import Account, Scope, Team
from skills.publishers.issuers import check_transport
from skills.publishers.models import IssuerKind, TrustedPublisher
from skills.publishers.runs import GITHUB, GITHUB_WORKFLOWS, GITLAB

MOST = 200  # of a team
_MOST_SKILLS, _MOST_CLAIMS = 200, 10
_CLAIM_NAME, _CLAIM_VALUE = 100, 300  # characters
_REPOSITORY = {
    IssuerKind.GITHUB: (
        re.compile(r"\A[\w.-]{1,100}/[\w.-]{1,100}"),
        "Write owner/name, for example acme/skills.",
    ),
    IssuerKind.GITLAB: (
        re.compile(r"\A[\w.-]{1,100}(?:/[\w.-]{1,100}){1,20}"),
        "Write the project's path: group/project.",
    ),
    IssuerKind.OTHER: (re.compile(r"\S(?:.{0,298}\S)?"), "Write the subject (`sub`) of its tokens."),
}
_ISSUERS = {IssuerKind.GITHUB: GITHUB, IssuerKind.GITLAB: GITLAB}
_WORKFLOWS = {IssuerKind.GITHUB: "", IssuerKind.GITLAB: ".gitlab-ci.yml", IssuerKind.OTHER: ""}


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What an admin writes down; SKILLS empty for every skill of the team."""

    kind: str
    repository: str
    issuer: str = ""
    workflow: str = ""
    environment: str = ""
    ref: str = ""
    claims: Mapping[str, str] = field(default_factory=dict)
    skills: Sequence[str] = ()
    checks_pull_requests: bool = False


@transaction.atomic
def add(*, actor: Actor, team: Team, wanted: Wanted) -> TrustedPublisher:
    """Trust the runs that WANTED describes; the actor answers for what they publish."""
    by = rules.team_admin(actor, team)
    rules.person(actor)
    # It publishes in the actor's stead: a token passes on no more than it has.
    rules.scope(actor, Scope.PUBLISH)
    Team.objects.select_for_update().get(pk=team.pk)
    if TrustedPublisher.objects.filter(team=team).count() >= MOST:
        raise refuse("bad_publisher", f"A team has at most {MOST} trusted publishers.", "Remove some.")
    publisher = _read(wanted)
    publisher.team, publisher.added_by, publisher.account = team, by, _service_of(actor, team)
    publisher.answerable = [by.pk]
    try:
        publisher.full_clean(exclude=["answerable", "owner_id", "repository_id"])
    except ValidationError as error:
        raise refuse("bad_publisher", " ".join(error.messages), kind=Conflict) from None
    publisher.save()
    record("publisher.add", by=by, target=publisher.label, team_id=team.pk, **_detail(publisher))
    return publisher


@transaction.atomic
def remove(*, actor: Actor, publisher: TrustedPublisher) -> None:
    """Trust it no more; what it holds at this moment ends as well."""
    by = rules.team_admin(actor, publisher.team)
    publisher.tokens.filter(revoked_at=None).update(revoked_at=now())
    record("publisher.remove", by=by, target=publisher.label, team_id=publisher.team_id, **_detail(publisher))
    publisher.delete()


@transaction.atomic
def confirm(*, actor: Actor, publisher: TrustedPublisher) -> None:
    """Answer for it instead of who added it, as somebody must who administers the team."""
    by = rules.team_admin(actor, publisher.team)
    rules.person(actor)
    rules.scope(actor, Scope.PUBLISH)
    before = publisher.added_by.username
    publisher.added_by = by
    publisher.answerable = sorted({*publisher.answerable, by.pk})
    publisher.save(update_fields=["added_by", "answerable"])
    record("publisher.confirm", by=by, target=publisher.label, team_id=publisher.team_id, before=before)


def _read(wanted: Wanted) -> TrustedPublisher:
    if wanted.kind not in IssuerKind.values:
        raise refuse("bad_publisher", f"There is no kind {wanted.kind!r}.", f"Use {', '.join(IssuerKind)}.")
    kind = IssuerKind(wanted.kind)
    return TrustedPublisher(
        kind=kind,
        issuer=_issuer(wanted.issuer.strip() or _ISSUERS.get(kind, "")),
        repository=_repository(kind, wanted.repository.strip()),
        workflow=_workflow(kind, wanted.workflow.strip()),
        environment=wanted.environment.strip(),
        ref=_ref(kind, wanted.ref.strip()),
        claims=_claims(wanted.claims),
        skills=_skills(wanted.skills),
        checks_pull_requests=wanted.checks_pull_requests,
    )


def _issuer(address: str) -> str:
    if not address:
        raise refuse("bad_publisher", "The issuer is missing.", "Write its https:// address.")
    try:
        check_transport(address)
    except NotAllowed as refusal:
        raise refuse("bad_publisher", str(refusal), "Write the issuer as its tokens name it.") from None
    return address


def _repository(kind: IssuerKind, repository: str) -> str:
    pattern, remedy = _REPOSITORY[kind]
    if not pattern.fullmatch(repository):
        raise refuse("bad_publisher", f"{repository[:80]!r} names no repository.", remedy)
    return repository


def _workflow(kind: IssuerKind, workflow: str) -> str:
    """The file that begins the run, as a path of the repository."""
    if kind is IssuerKind.OTHER:
        return ""
    if not workflow and kind is IssuerKind.GITHUB:
        text = "The workflow is missing: any workflow of the repository could publish."
        raise refuse("bad_publisher", text, "Name the file, for example skills.yml.")
    path = workflow or _WORKFLOWS[kind]
    is_bare = kind is IssuerKind.GITHUB and "/" not in path
    return f"{GITHUB_WORKFLOWS}{path}" if is_bare else path


def _ref(kind: IssuerKind, ref: str) -> str:
    if kind is IssuerKind.OTHER or not ref:
        return ""
    is_known = ref.startswith(("refs/heads/", "refs/tags/"))
    if not is_known or set("?[]") & set(ref) or ref.count("*") > 2:
        remedy = "For example refs/heads/main, refs/tags/v* or nothing for any; a star stands for any text."
        raise refuse("bad_publisher", f"{ref[:80]!r} is no branch or tag.", remedy)
    return ref


def _claims(claims: Mapping[str, str]) -> dict[str, str]:
    kept = {name.strip(): value.strip() for name, value in claims.items()}
    if len(kept) > _MOST_CLAIMS or not all(map(_is_claim, kept, kept.values())):
        text = (
            f"There are at most {_MOST_CLAIMS} more claims, each with a name and a value,"
            f" of up to {_CLAIM_NAME} and {_CLAIM_VALUE} characters."
        )
        raise refuse("bad_publisher", text, "Write one a line: name = value.")
    return dict(sorted(kept.items()))


def _is_claim(name: str, value: str) -> bool:
    is_short = 0 < len(name) <= _CLAIM_NAME and 0 < len(value) <= _CLAIM_VALUE
    return is_short and name.isprintable() and value.isprintable()


def _skills(names: Sequence[str]) -> list[str]:
    wanted = sorted(set(names))
    for name in wanted:
        if not NAME.fullmatch(name) or len(name) > NAME_LENGTH:
            text = f"{name[:80]!r} is no name of a skill."
            raise refuse("bad_publisher", text, "Write names without the team, with spaces between.")
    if len(wanted) > _MOST_SKILLS:
        raise refuse("bad_publisher", f"At most {_MOST_SKILLS} skills.", "Trust it with the whole team.")
    return wanted


def _service_of(actor: Actor, team: Team) -> Account:
    """The service account that is the author of what the team's publishers bring."""
    members = Account.objects.filter(is_active=True, memberships__team=team)
    before = TrustedPublisher.objects.filter(team=team, account__in=members).select_related("account")
    if known := before.first():
        return known.account
    stem = f"{team.handle[:34]}".rstrip("-")
    for handle in (f"{stem}-ci", *(f"{stem}-ci-{number}" for number in range(2, 10))):
        found = Account.objects.filter(username=handle).first()
        if found and found.service_of_id == team.pk and found in members:
            return found
        if not found and not Team.objects.filter(handle=handle).exists():
            return teams.create_service(actor=actor, team=team, handle=handle, name="Trusted publishing")
    raise _no_handle(stem)


def _no_handle(stem: str) -> Refused:
    text = f"{stem}-ci to {stem}-ci-9 belong to others, so its service account has no name."
    return refuse("bad_publisher", text, "Ask staff to free one.", kind=Conflict)


def _detail(publisher: TrustedPublisher) -> dict[str, object]:
    return {
        "publisher": publisher.pk,
        "issuer": publisher.issuer,
        "repository": publisher.repository,
        "workflow": publisher.workflow,
        "environment": publisher.environment,
        "ref": publisher.ref,
        "claims": publisher.claims,
        "skills": publisher.skills,
        "checks_pull_requests": publisher.checks_pull_requests,
    }
