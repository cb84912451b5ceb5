"""Cases of earlier versions that a version changed or took out, and the waivers of reviewers."""

from drf_spectacular.utils import extend_schema
from rest_framework import serializers as s
from rest_framework.request import Request
from rest_framework.response import Response

from skills.api.v1.docs import PROBLEMS, WRITE_PROBLEMS
from skills.api.v1.endpoint import HubView
from skills.api.v1.reviews import load_review
from skills.evals.kept_cases import KeptCase, kept_cases_of
from skills.flows.evaluation.kept_cases import unwaive_case, waive_case
from skills.flows.evaluation.subject import approved_before


class CaseFall(s.Serializer[object]):
    model = s.CharField()
    status = s.CharField()


class KeptCaseShape(s.Serializer[object]):
    key = s.CharField()
    label = s.CharField()  # type: ignore[assignment]
    prompt = s.CharField()
    changed = s.BooleanField(help_text="this version has another case of the same name")
    has_run = s.BooleanField(help_text="with this version and the approved one")
    falls = CaseFall(many=True)
    waiver = s.CharField(allow_blank=True, help_text="why a reviewer lets the skill drop it")


class KeptCaseList(s.Serializer[object]):
    items = KeptCaseShape(many=True)


class WaiverIn(s.Serializer[object]):
    reason = s.CharField(max_length=500)


def _shape(case: KeptCase) -> dict[str, object]:
    return {
        "key": case.key,
        "label": case.label,
        "prompt": case.prompt,
        "changed": case.is_changed,
        "has_run": case.has_run,
        "falls": [{"model": fall.on, "status": fall.status} for fall in case.falls],
        "waiver": case.waiver.reason if case.waiver else "",
    }


class KeptCases(HubView):
    @extend_schema(responses={200: KeptCaseList, **PROBLEMS})
    def get(self, request: Request, **kwargs: str) -> Response:
        """Cases that an earlier version has and this one changed or dropped, those that fell first."""
        version = load_review(self, kwargs)
        cases = kept_cases_of(version, approved_before(version.skill, version))
        return Response({"items": [_shape(case) for case in cases]})


class CaseWaiverView(HubView):
    @extend_schema(request=WaiverIn, responses={204: None, **WRITE_PROBLEMS})
    def put(self, request: Request, *, key: str, **kwargs: str) -> Response:
        """Let the skill drop the case: a reviewer's word, with its reason."""
        version = load_review(self, kwargs)
        body = WaiverIn(data=request.data)
        body.is_valid(raise_exception=True)
        waive_case(actor=self.actor, version=version, key=key, reason=body.validated_data["reason"])
        return Response(status=204)

    @extend_schema(responses={204: None, **WRITE_PROBLEMS})
    def delete(self, request: Request, *, key: str, **kwargs: str) -> Response:
        """Take that word back: versions have to pass the case again."""
        unwaive_case(actor=self.actor, version=load_review(self, kwargs), key=key)
        return Response(status=204)
