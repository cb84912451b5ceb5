"""Signed statements on releases, model signatures and snapshots, as they were signed."""

from drf_spectacular.utils import extend_schema
from rest_framework import serializers as s
from rest_framework.request import Request
from rest_framework.response import Response

from skills.api.v1.docs import GONE, PROBLEMS
from skills.api.v1.endpoint import HubView
from skills.api.v1.schemas import Shape
from skills.api.v1.skills import load_skill
from skills.catalog.selectors import find_team
from skills.delivery.resolve import resolve
from skills.signing.snapshots import readable_snapshot
from skills.signing.statements import signed_statement


class SignatureShape(Shape):
    keyid = s.CharField()
    sig = s.CharField()


class EnvelopeShape(Shape):
    payload = s.CharField()
    payloadType = s.CharField()
    signatures = SignatureShape(many=True)


class ModelSignatureShape(Shape):
    mediaType = s.CharField()
    verificationMaterial = s.DictField()
    dsseEnvelope = EnvelopeShape()


class VersionStatement(HubView):
    @extend_schema(responses={200: EnvelopeShape, **PROBLEMS, **GONE})
    def get(self, request: Request, **kwargs: str) -> Response:
        """What the hub says of a release: an in-toto Statement in a DSSE envelope, signed."""
        version = resolve(self.actor, load_skill(self, kwargs), kwargs["number"])
        return Response(signed_statement(version).envelope)


class VersionModelSignature(HubView):
    @extend_schema(responses={200: ModelSignatureShape, **PROBLEMS, **GONE})
    def get(self, request: Request, **kwargs: str) -> Response:
        """The same files as `skill.oms.sig`, for the tools of OpenSSF Model Signing."""
        version = resolve(self.actor, load_skill(self, kwargs), kwargs["number"])
        return Response(signed_statement(version).model_signature)


class SnapshotView(HubView):
    @extend_schema(responses={200: EnvelopeShape, **PROBLEMS})
    def get(self, request: Request) -> Response:
        """Every release that you may read without being in its team, and its state: signed, numbered."""
        return Response(readable_snapshot(self.actor).envelope)


class TeamSnapshot(HubView):
    @extend_schema(responses={200: EnvelopeShape, **PROBLEMS})
    def get(self, request: Request, **kwargs: str) -> Response:
        """Every release of a team, for its members: signed, numbered, for a day."""
        team = find_team(self.actor, kwargs["team"])
        return Response(readable_snapshot(self.actor, team.pk).envelope)
