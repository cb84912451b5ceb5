"""Exchanges the token of a CI provider for one of ours that publishes for ten minutes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from skills.audit.record import record
from skills.lib.clock import now
from skills.lib.errors import Forbidden, Problem, Refused, Unauthenticated, refuse
from skills.lib.provenance import ProvenanceFacts
from skills.people.models import Account, Membership, Role, Scope, Token
from skills.people.tokens import hashed, new_secret
from skills.publishers import id_tokens
from skills.publishers.id_tokens import Claims
from skills.publishers.match import differences, is_another, names_repository
from skills.publishers.models import TrustedPublisher, UsedToken
from skills.publishers.runs import CiRun, run_of, text

MINUTES = 10
_KEPT = timedelta(days=1)  # that a token which is over stays in the list of its account


@dataclass(frozen=True)
class Exchanged:
    """The new token, whose secret is shown this once, and the run that it is for."""

    token: Token
    secret: str
    run: CiRun


def exchange(*, team: str, id_token: str) -> Exchanged:
    """A token of the team with the handle TEAM for the run that ID_TOKEN speaks of.

    Raises Unauthenticated for a token that its issuer would not stand by, Forbidden for a run that nobody
    wrote down.
    """
    said = id_tokens.unverified_claims(id_token)
    issuer = text(said, "iss")
    rows = TrustedPublisher.objects.filter(issuer=issuer).order_by("pk")
    # An issuer that nobody wrote down is not asked: else anybody could have us call any address. One that
    # another team wrote down is: else anybody could find out which team trusts whom.
    if not rows.exists():
        raise _unknown(team, said)
    claims = id_tokens.verified_claims(id_token, issuer)
    publishers = list(rows.filter(team__handle=team).select_related("team", "account", "added_by"))
    if not publishers:
        raise _unknown(team, claims)
    publisher = _chosen(team, publishers, claims)
    _check_people(publisher)
    return _exchanged(publisher, claims)


def _chosen(team: str, publishers: Sequence[TrustedPublisher], claims: Claims) -> TrustedPublisher:
    """The first of PUBLISHERS that fits: of those that may be used, one for a whole team if there is one."""
    runs = [(publisher, run_of(publisher.kind, claims)) for publisher in publishers]
    named = [(publisher, run) for publisher, run in runs if names_repository(publisher, run)]
    if not named:
        # No word of other repositories: who asks has shown only which one is theirs.
        raise _unknown(team, claims)
    same = [(publisher, run) for publisher, run in named if not is_another(publisher, run)]
    if not same:
        text_ = f"{named[0][1].repository} is not the repository it was at first use: its ids have changed."
        remedy = "If it was moved on purpose, let an admin remove the trusted publisher and add it again."
        raise refuse("publisher_differs", text_, remedy, kind=Forbidden)
    judged = [(publisher, differences(publisher, run, claims)) for publisher, run in same]
    fitting = [publisher for publisher, found in judged if not found]
    if not fitting:
        nearest = min((found for _, found in judged), key=len)
        remedy = "Run it as the trusted publisher says, or let an admin change that."
        raise Forbidden([Problem("publisher_differs", f"{one}.", remedy) for one in nearest])
    return min(fitting, key=lambda publisher: (not _is_usable(publisher), bool(publisher.skills)))


def _is_usable(publisher: TrustedPublisher) -> bool:
    return still_stands(publisher) and publisher.account.is_active


def _unknown(team: str, claims: Claims) -> Refused:
    names = ("repository", "project_path", "sub")
    repository = next((text(claims, name) for name in names if text(claims, name)), "this run")
    words = f"The team {team[:40]} has no trusted publisher for {repository} of {text(claims, 'iss')}."
    remedy = "Let an admin of the team add it, or mend the name of the team."
    return refuse("publisher_unknown", words, remedy, kind=Forbidden)


def _check_people(publisher: TrustedPublisher) -> None:
    """Somebody must answer for what comes: who added it, as long as they administer the team."""
    if not still_stands(publisher):
        words = f"{publisher.added_by.username}, who added this trusted publisher, does not administer"
        remedy = "Let another admin confirm it on the page of the trusted publishers."
        raise refuse("publisher_orphaned", f"{words} {publisher.team} any more.", remedy, kind=Forbidden)
    if not publisher.account.is_active:
        words = f"The service account {publisher.account.username} is deactivated."
        raise refuse("publisher_orphaned", words, "Let an admin bring it back.", kind=Forbidden)


def still_stands(publisher: TrustedPublisher) -> bool:
    """Whether who answers for it still may."""
    return standing(TrustedPublisher.objects.filter(pk=publisher.pk)).exists()


def standing(publishers: "QuerySet[TrustedPublisher]") -> "QuerySet[TrustedPublisher]":
    """Those of PUBLISHERS for which somebody still answers: an admin of the team, or staff."""
    admins = Membership.objects.filter(account=OuterRef("added_by"), team=OuterRef("team"), role=Role.ADMIN)
    return publishers.filter(Q(added_by__is_staff=True) | Exists(admins), added_by__is_active=True)


@transaction.atomic
def _exchanged(chosen: TrustedPublisher, claims: Claims) -> Exchanged:
    _take_once(claims)
    locked = TrustedPublisher.objects.select_for_update(of=("self",)).filter(pk=chosen.pk)
    publisher = locked.select_related("team", "account", "added_by").first()
    run = run_of(chosen.kind, claims)
    # Of two first uses at once the second meets the ids of the first.
    if publisher is None or is_another(publisher, run):
        raise _unknown(chosen.team.handle, claims)
    publisher.owner_id, publisher.repository_id = run.owner_id, run.repository_id
    publisher.last_used_at = now()
    publisher.save(update_fields=["owner_id", "repository_id", "last_used_at"])
    token, secret = _new_token(publisher, run)
    record(
        "publisher.exchange",
        by=publisher.account,
        target=publisher.label,
        team_id=publisher.team_id,
        publisher=publisher.pk,
        token=token.pk,
        scopes=token.scopes,
        skills=token.skills,
        answerable=publisher.added_by.username,
        ref=run.ref,
        commit=run.commit,
        environment=run.environment,
        run_url=run.run_url,
        started_by=run.started_by,
    )
    return Exchanged(token, secret, run)


def _take_once(claims: Claims) -> None:
    try:
        with transaction.atomic():
            UsedToken.objects.create(mark=id_tokens.mark(claims), expires_at=id_tokens.expiry(claims))
    except IntegrityError:
        words = "This token of the CI provider was exchanged before; each is taken once."
        remedy = "Ask the CI provider for a new one."
        raise refuse("id_token_used", words, remedy, kind=Unauthenticated) from None


def _new_token(publisher: TrustedPublisher, run: CiRun) -> tuple[Token, str]:
    secret, created = new_secret(), now()
    started_by = [account.pk for account in _accounts_of(run)]
    facts = ProvenanceFacts(
        url=run.url[:500],
        ref=run.ref[:200],
        revision=run.commit[:100],
        run_url=run.run_url[:500],
        started_by=run.started_by[:100],
        brought_by=publisher.label[:300],
        answerable=sorted({*publisher.answerable, *started_by}),
    )
    token = Token.objects.create(
        account=publisher.account,
        name=publisher.label[:80],
        hint=secret[:8],
        secret_hash=hashed(secret),
        scopes=[Scope.CHECK if run.is_pull_request else Scope.PUBLISH],
        created_by=publisher.added_by,
        created_at=created,
        expires_at=created + timedelta(minutes=MINUTES),
        publisher=publisher,
        skills=publisher.skills,
        provenance=facts.as_json(),
    )
    token.teams.set([publisher.team])
    return token, secret


def _accounts_of(run: CiRun) -> list[Account]:
    """Who started RUN, as far as somebody here has the same name or address.

    Too many rather than too few: they only lose the right to approve what the run publishes.
    """
    by_name = Q(username=run.started_by.lower()) if run.started_by else Q(pk=None)
    if run.email:
        addresses = EmailAddress.objects.filter(email__iexact=run.email).values("user_id")
        by_name |= Q(email__iexact=run.email) | Q(pk__in=addresses)
    return list(Account.objects.filter(by_name).order_by("pk")[:20])


def purge() -> None:
    """Forget issuers' tokens that are over, and ours a day after."""
    moment = now()
    UsedToken.objects.filter(expires_at__lt=moment).delete()
    Token.objects.exclude(provenance={}).filter(expires_at__lt=moment - _KEPT).delete()
