"""Publishing several skills that come in one archive, with one answer each."""

from django.http import HttpResponse, JsonResponse
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers as s
from rest_framework.request import Request

from skills.api.v1 import schemas
from skills.api.v1.docs import WRITE_PROBLEMS
from skills.api.v1.publish import BundleIn, BundleView, identity
from skills.catalog.pack_checks import check_pack
from skills.catalog.selectors import find_team
from skills.flows.pack_release import PackAnswer, PackOutcome, PackWish, publish_pack
from skills.http.idempotency import once
from skills.lib.errors import missing
from skills.people import rules


class PackAnswerShape(schemas.Shape):
    path = s.CharField(allow_blank=True, help_text="Its folder in what was sent; empty at the top.")
    name = s.CharField(allow_blank=True)
    outcome = s.ChoiceField(choices=[outcome.value for outcome in PackOutcome])
    version = schemas.VersionShape(allow_null=True)
    problems = schemas.ProblemItem(many=True)


class PackShape(schemas.Shape):
    skills = PackAnswerShape(many=True)
    notes = schemas.ProblemItem(many=True, help_text="What lies outside of every skill.")


class PublishPack(BundleView):
    @extend_schema(
        parameters=[
            OpenApiParameter("path", many=True, description="The folders of the skills; without it all."),
            OpenApiParameter("visibility", enum=["team", "internal", "public"]),
            OpenApiParameter("changelog"),
            OpenApiParameter("Idempotency-Key", location=OpenApiParameter.HEADER),
        ],
        request={"application/zip": bytes, "multipart/form-data": BundleIn},
        responses={200: PackShape, **WRITE_PROBLEMS},
    )
    def post(self, request: Request, **kwargs: str) -> HttpResponse:
        """Submit every skill of an archive to TEAM for review, or those at `path`, with one answer each.

        A number is the one in SKILL.md where it is higher, else the next patch. A skill whose bytes are there
        already stays as it is.
        """
        account = rules.scope(self.actor, "publish")
        team = find_team(self.actor, kwargs["team"])
        if team.pk not in self.actor.roles:
            raise missing()
        content = self.content(request)
        query = request.query_params

        def submit() -> HttpResponse:
            pack = check_pack(content, query.getlist("path"))
            wish = PackWish(team, query.get("visibility", "team"), query.get("changelog", ""))
            answers = publish_pack(actor=self.actor, pack=pack, wish=wish)
            notes = [note.as_dict() for note in pack.notes]
            body = PackShape({"skills": [_answer(answer) for answer in answers], "notes": notes}).data
            return JsonResponse(dict(body))

        same = f"{kwargs['team']}/packs?{query.urlencode()}\n".encode() + identity(content)
        return once(request.headers.get("Idempotency-Key", ""), account.pk, same, submit)


def _answer(answer: PackAnswer) -> dict[str, object]:
    return {
        "path": answer.path,
        "name": answer.name,
        "outcome": answer.outcome.value,
        "version": schemas.version(answer.version) if answer.version else None,
        "problems": [problem.as_dict() for problem in answer.problems],
    }
