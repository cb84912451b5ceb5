"""Signed snapshots: which releases exist and in which state, with a number that grows and an end after a day.

Against a hub, or whoever sits in between, that shows yesterday's state, hides a yank or takes it back unseen.
One for each set of readers (public, internal, each team), so that none names what its readers may not see.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from django.conf import settings
from django.db import transaction

from skills.catalog.models import Version, Visibility
from skills.catalog.visibility import open_to
from skills.jobs.enqueue import enqueue
from skills.lib.clock import now
from skills.lib.errors import missing
from skills.lib.json_values import Json, JsonObject
from skills.people.actor import Actor
from skills.signing import documents
from skills.signing.documents import payload_digest
from skills.signing.envelopes import STATEMENT_TYPE
from skills.signing.keys import KEYS_DOCUMENT, signers
from skills.signing.models import SignedDocument
from skills.signing.statements import IN_TOTO, not_signed

PREDICATE = "https://skillhub.example/snapshot/v1"
PUBLIC, INTERNAL = "public", "internal"
LIFETIME = timedelta(hours=24)
# Signed anew long before the end: a worker may be away for the night.
_RENEWAL = timedelta(hours=12)


def of_team(team_id: int) -> str:
    return f"team:{team_id}"


@dataclass
class ReadersView:
    """One set of readers and the releases that they may know of."""

    name: str
    label: str
    releases: list[Json] = field(default_factory=list)


def outdate() -> None:
    """Have the snapshots signed anew after the commit; asked for by every act that changes what they say."""
    enqueue("sign_snapshots", key="sign_snapshots")


def withdraw(names: Iterable[str]) -> None:
    """Show these snapshots no longer: they name what some of their readers may no longer know of."""
    documents.lock()
    SignedDocument.objects.filter(name__in=names).update(envelope=None)


@transaction.atomic
def sign_snapshots() -> int:
    """Sign each snapshot that says something else than the last one, or that will end; returns how many."""
    # Before anything is read: what `withdraw` took back meanwhile must not come again.
    documents.lock()
    keys = SignedDocument.objects.filter(name=KEYS_DOCUMENT).first()
    if keys is None:
        signers()  # makes the first keys, and signs the list of them
        keys = SignedDocument.objects.get(name=KEYS_DOCUMENT)
    present = {document.name: document for document in SignedDocument.objects.all()}
    key_list: Json = {"name": "keys.json", "digest": {"sha256": payload_digest(keys)}}
    by = None
    signed = 0
    for view in _views(present):
        body: JsonObject = {
            "_type": IN_TOTO,
            "subject": [key_list, *view.releases],
            "predicateType": PREDICATE,
            "predicate": {"hub": settings.PUBLIC_URL, "scope": view.label},
        }
        if _is_current(present.get(view.name), body):
            continue
        by = by or signers()
        end = now() + LIFETIME
        documents.publish(view.name, body, payload_type=STATEMENT_TYPE, signers=by, expires_at=end)
        signed += 1
    return signed


def _is_current(document: SignedDocument | None, body: JsonObject) -> bool:
    if document is None or document.envelope is None or document.expires_at is None:
        return False
    return document.expires_at > now() + _RENEWAL and documents.says(document, body)


def _views(present: Mapping[str, SignedDocument]) -> list[ReadersView]:
    """Every snapshot with its releases, from one query; also of a team that has none any more."""
    views = {PUBLIC: ReadersView(PUBLIC, PUBLIC), INTERNAL: ReadersView(INTERNAL, INTERNAL)}
    columns = (
        *("skill__team_id", "skill__team__handle", "skill__name", "skill__visibility"),
        *("number", "digest", "state", "statement__subject"),
    )
    rows = Version.objects.filter(approved_at__isnull=False, skill__published=True)
    for team_id, handle, name, visibility, number, digest, state, signed_as in rows.order_by(
        "skill__team__handle", "skill__name", "pk"
    ).values_list(*columns):
        annotations: JsonObject = {"state": state}
        subject = f"{handle}/{name}@{number}"
        if signed_as and signed_as != subject:
            annotations["signedAs"] = signed_as
        release: Json = {
            "name": subject,
            "digest": {"sha256": digest.removeprefix("sha256:")},
            "annotations": annotations,
        }
        own = views.setdefault(of_team(team_id), ReadersView(of_team(team_id), f"team {handle}"))
        own.releases.append(release)
        if visibility != Visibility.TEAM:
            views[INTERNAL].releases.append(release)
        if visibility == Visibility.PUBLIC:
            views[PUBLIC].releases.append(release)
    for name, document in present.items():
        if name != KEYS_DOCUMENT:
            views.setdefault(name, ReadersView(name, json.loads(document.payload)["predicate"]["scope"]))
    return list(views.values())


def readable_snapshot(actor: Actor, team_id: int | None = None) -> SignedDocument:
    """The snapshot of what ACTOR may see everywhere, or of a team that they are in; raises Missing."""
    if team_id is not None:
        if not actor.reads_everything and not actor.reads_team(team_id):
            raise missing()
        return _shown(of_team(team_id))
    return _shown(INTERNAL) if actor.reads_internal else public_snapshot(actor)


def public_snapshot(actor: Actor) -> SignedDocument:
    """The snapshot of what everybody may see; a hub without visitors shows it to those who sign in."""
    if Visibility.PUBLIC not in open_to(actor):
        raise missing()
    return _shown(PUBLIC)


def _shown(name: str) -> SignedDocument:
    document = SignedDocument.objects.filter(name=name).first()
    if document is None or document.envelope is None:
        raise not_signed("The snapshot is not signed yet.")
    return document
