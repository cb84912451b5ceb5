"""The page of a release's signature: who signed what with which key, and how to verify it."""

import json
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from skills.catalog.models import Skill, State, Version, Visibility
from skills.catalog.provenance import Provenance
from skills.catalog.selectors import find_skill, find_version
from skills.http.actors import HubRequest
from skills.lib.addresses import public_address
from skills.lib.errors import Gone, missing, refuse
from skills.signing.models import Algorithm, ReleaseStatement, SigningKey
from skills.signing.statements import statement_address
from skills.web.skill_context import skill_context
from skills.web.views.skill import moved


@dataclass(frozen=True, kw_only=True)
class SignatureFacts:
    """What the page shows; `said` is the statement itself."""

    statement: ReleaseStatement | None
    said: dict[str, Any]
    keys: list[SigningKey]
    commands: list[tuple[str, str]]
    is_synced: bool

    @property
    def zip_digest(self) -> str:
        return str(self.said["subject"][0]["digest"]["sha256"])

    @property
    def tree_digest(self) -> str:
        return str(self.said["subject"][1]["digest"]["dirHash"])


@require_GET
def signature_page(request: HubRequest, team: str, name: str, number: str) -> HttpResponse:
    skill = find_skill(request.actor, team, name)
    if away := moved(skill, team, name, f"v/{number}/signature/"):
        return away
    version = find_version(request.actor, skill, number)
    if not version.was_approved:
        raise missing()
    if version.state == State.REMOVED:
        raise refuse("removed", f"{version} was removed: {version.reason}", kind=Gone)
    context = skill_context(request, skill, version)
    context |= {"tab": "", "pinned": number, "signature": _facts(skill, version)}
    return render(request, "catalog/signature.html", context)


def _facts(skill: Skill, version: Version) -> SignatureFacts:
    statement = ReleaseStatement.objects.filter(version=version).first()
    envelope = (statement and statement.envelope) or {"signatures": []}
    ids = [one["keyid"] for one in envelope["signatures"]]
    return SignatureFacts(
        statement=statement,
        said=json.loads(statement.payload) if statement else {},
        keys=list(SigningKey.objects.filter(keyid__in=ids, algorithm=Algorithm.ED25519).order_by("-pk")),
        commands=_commands(skill, version, _model_key(statement)),
        is_synced=Provenance.objects.filter(version=version).exists(),
    )


def _model_key(statement: ReleaseStatement | None) -> str:
    """The id of the key under skill.oms.sig; "" where there is none."""
    signature = statement.model_signature if statement else None
    return str(signature["dsseEnvelope"]["signatures"][0]["keyid"]) if signature else ""


def _commands(skill: Skill, version: Version, model_key: str) -> list[tuple[str, str]]:
    """How to verify with nothing but Python, also without a network, and with the tool of somebody else."""
    name, statement = skill.name, statement_address(version)
    at = statement.removesuffix("/statement")
    is_public = skill.visibility == Visibility.PUBLIC and settings.ANONYMOUS_READ
    curl = "curl -sfo" if is_public else 'curl -H "Authorization: Bearer $SKILLHUB_TOKEN" -sfo'
    snapshot = (
        reverse("public-snapshot") if is_public else reverse("api-team-snapshot", args=[skill.team.handle])
    )
    take = (
        f"{curl} keys.json {public_address(reverse('signing-keys'))}"
        f" && {curl} snapshot.json {public_address(snapshot)}"
        f" && {curl} {name}.statement.json {statement}"
    )
    use = f"--keys keys.json --snapshot snapshot.json --statement {name}.statement.json"
    commands = [
        (
            "With Python alone: asks the hub, pins its keys on first use",
            f"python3 skillhub-verify.py {name}.zip --from {at}",
        ),
        ("To take along, for a place without a network", take),
        ("There, for the unpacked folder", f"python3 skillhub-verify.py {name}/ {use}"),
    ]
    if model_key:
        key = public_address(reverse("signing-key-pem", args=[model_key]))
        tool = (
            f"{curl} key.pub {key} && {curl} {name}/skill.oms.sig {at}/skill.oms.sig"
            f" && model_signing verify key --signature {name}/skill.oms.sig --public_key key.pub {name}"
        )
        commands.append(("With the tool of OpenSSF Model Signing", tool))
    return commands
