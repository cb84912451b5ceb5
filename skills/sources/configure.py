"""Adds, changes and removes sources. Who says where one fetches from answers for what it brings."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from urllib.parse import urlsplit

from django.db import IntegrityError, transaction

from skills.audit.record import record
from skills.catalog.models import Visibility
from skills.lib.clock import now
from skills.lib.errors import Conflict, Refused, refuse
from skills.people import rules
from skills.people.actor import Actor
from skills.people.models import Account, Role, Scope, Team
from skills.people.teams import administers
from skills.sources.credentials import encrypt_credential, new_webhook_secret
from skills.sources.models import Source
from skills.sources.schedule import INTERVALS
from skills.upstream import address
from skills.upstream.address import Upstream, UpstreamKind

MOST_SOURCES = 200  # of a team
_MOST_NAMES = 500  # of a source
_NAME_LENGTH = 128  # characters, as the column
_PLACE = ("kind", "url", "ref", "folder", "names")


@dataclass(frozen=True, kw_only=True)
class SourceFacts:
    """What an admin says about a source, its token aside."""

    kind: str
    url: str
    ref: str = ""
    folder: str = ""
    names: Sequence[str] = ()
    minutes: int = 1440
    visibility: str = Visibility.TEAM
    approves: bool = False


def add_source(*, actor: Actor, team: Team, facts: SourceFacts, token: str = "") -> Source:
    """A new source of TEAM, which is read at once where it has a schedule."""
    by = _answering(actor, team, facts)
    facts = _checked(facts, token)
    if Source.objects.filter(team=team).count() >= MOST_SOURCES:
        text = f"A team has at most {MOST_SOURCES} sources."
        raise refuse("too_many_sources", text, "Remove one that is not needed.", kind=Conflict)
    source = Source(team=team, responsible=by, answerable=[by.pk], **_columns(facts))
    source.token = encrypt_credential(token) if token else None
    source.next_at = now() if facts.minutes else None
    with transaction.atomic():
        _save(source)
        _record("source.add", by, source, has_token=bool(token))
    return source


@transaction.atomic
def change_source(*, actor: Actor, source: Source, facts: SourceFacts, token: str | None = None) -> Source:
    """Change SOURCE. A TOKEN of None keeps the one that is there, "" forgets it."""
    by = _answering(actor, source.team, facts)
    facts = _checked(facts, token or "")
    source = (
        Source.objects.select_for_update(of=("self",)).select_related("team", "responsible").get(pk=source.pk)
    )
    before, approved = place_of(source), source.approves
    # Else whoever may change an address could have the token sent to a server of theirs.
    if source.token and token is None and _server(source.url) != _server(facts.url):
        text = "Another server needs the token again."
        raise refuse("source_token", text, "Tokens are never sent elsewhere unasked.")
    for name, value in _columns(facts).items():
        setattr(source, name, value)
    if token is not None:
        source.token = encrypt_credential(token) if token else None
    is_moved = place_of(source) != before
    approves_from_now = source.approves and not approved
    still = answers_still(source.responsible, source.team)
    if is_moved or token is not None or approves_from_now or not still:
        source.responsible = by
        source.answerable = sorted({*source.answerable, by.pk})
    if is_moved:
        source.revision = ""
    # Whatever was wrong may be mended by the change, so it rests no longer.
    source.failures, source.problem = 0, ""
    source.next_at = now() if source.minutes or is_moved else None
    _save(source)
    _record("source.change", by, source, before=before, token_changed=token is not None)
    return source


@transaction.atomic
def remove_source(*, actor: Actor, source: Source) -> None:
    """Forget SOURCE with its secrets and syncs; its skills stay, and know where they come from."""
    by = rules.team_admin(actor, source.team)
    _record("source.remove", by, source)
    source.delete()


@transaction.atomic
def renew_webhook_secret(*, actor: Actor, source: Source) -> str:
    """Give SOURCE a new secret for its webhook; returned this once, and the one before counts no more."""
    by = rules.team_admin(actor, source.team)
    secret = new_webhook_secret()
    Source.objects.filter(pk=source.pk).update(webhook_secret=encrypt_credential(secret))
    _record("source.webhook", by, source, on=True)
    return secret


@transaction.atomic
def forget_webhook(*, actor: Actor, source: Source) -> None:
    by = rules.team_admin(actor, source.team)
    Source.objects.filter(pk=source.pk).update(webhook_secret=None)
    _record("source.webhook", by, source, on=False)


def _answering(actor: Actor, team: Team, facts: SourceFacts) -> Account:
    """Who will answer for a source with FACTS. Not staff from outside: it is somebody of the team."""
    by = rules.role(actor, team, Role.ADMIN)
    # A sync publishes in their stead: a token passes on no more than it has.
    rules.scope(actor, Scope.PUBLISH)
    if facts.approves:
        rules.scope(actor, Scope.REVIEW)
    return by


def answers_still(account: Account, team: Team) -> bool:
    """Whether ACCOUNT may still answer for a source: nothing comes in on the word of who has left."""
    return administers(account, team.pk)


def place_of(source: Source) -> dict[str, object]:
    """Where SOURCE fetches from."""
    return {name: getattr(source, name) for name in _PLACE}


def _columns(facts: SourceFacts) -> dict[str, object]:
    return asdict(facts) | {"names": list(facts.names)}


def _checked(facts: SourceFacts, token: str) -> SourceFacts:
    """FACTS, where all of them can be; raises Refused."""
    if facts.kind not in list(UpstreamKind):
        raise refuse("bad_source", f"There is no kind of source {facts.kind[:40]!r}.")
    if facts.minutes not in INTERVALS:
        known = ", ".join(map(str, INTERVALS))
        raise refuse("bad_source", f"A source is read every so many minutes: {known}.")
    if facts.visibility not in Visibility.values:
        raise refuse("bad_visibility", f"There is no visibility {facts.visibility[:40]!r}.")
    _check_texts(facts, token)
    address.check(
        Upstream(
            kind=UpstreamKind(facts.kind),
            url=facts.url,
            ref=facts.ref,
            folder=facts.folder,
            names=tuple(facts.names),
            token=token,
        )
    )
    return facts


def _check_texts(facts: SourceFacts, token: str) -> None:
    """Refuse what no kind of source has, and what another kind has."""
    texts = [facts.url, facts.ref, facts.folder, token, *facts.names]
    if not all(text.isprintable() for text in texts):
        raise refuse("bad_source", "A text holds a character that nobody sees.", "Type it anew.")
    is_git = facts.kind == UpstreamKind.GIT
    if not is_git and (facts.ref or facts.folder):
        raise refuse("bad_source", "Only a Git repository has a branch and folders.", "Leave them empty.")
    if is_git and facts.names:
        text = "The skills of a Git repository have paths, not names."
        raise refuse("bad_source", text, "Name a folder, or leave the names empty.")
    if facts.kind == UpstreamKind.CLAWHUB and not facts.names:
        raise refuse("bad_source", "A ClawHub registry is read by names.", "Name skills: owner/slug or slug.")
    if len(facts.names) > _MOST_NAMES or any(len(name) > _NAME_LENGTH for name in facts.names):
        text = f"A source names at most {_MOST_NAMES} skills, each in at most {_NAME_LENGTH} characters."
        raise refuse("bad_source", text, "Make two sources of it.")


def _server(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.scheme, parts.netloc


def _save(source: Source) -> None:
    """Write SOURCE, unless the team has another that brings the same skills: they would change in turns."""
    _refuse_overlap(source)
    try:
        with transaction.atomic():
            source.save()
    except IntegrityError as error:
        if "one_source_per_place" not in str(error):
            raise
        raise _is_there(source) from None


def _refuse_overlap(source: Source) -> None:
    place = address.same_for_all(source.url)
    for other in Source.objects.filter(team=source.team).exclude(pk=source.pk):
        # However it is written: what came from it before is found by this form (flows/syncing.py).
        if address.same_for_all(other.url) == place and _meet(source, other):
            raise _is_there(other)


def _meet(one: Source, other: Source) -> bool:
    """Whether two sources at the same address have skills in common."""
    names = not (one.names and other.names) or any(
        _is_in(a, b) or _is_in(b, a) for a in one.names for b in other.names
    )
    return names and (_is_in(one.folder, other.folder) or _is_in(other.folder, one.folder))


def _is_in(inner: str, outer: str) -> bool:
    """Whether INNER, a folder or `team/skill`, is OUTER or lies in it."""
    return not outer or f"{inner}/".startswith(f"{outer}/")


def _is_there(source: Source) -> Refused:
    text = f"The team has the source {source} already."
    return refuse("source_exists", text, "Change that one.", kind=Conflict)


def _record(act: str, by: Account, source: Source, **detail: object) -> None:
    facts = place_of(source) | {"minutes": source.minutes, "approves": source.approves}
    record(act, by=by, target=source, team_id=source.team_id, source=source.pk, **facts, **detail)
