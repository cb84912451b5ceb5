"""Skills: list, detail, search, resolve."""

import hashlib
import json
from collections.abc import Mapping

from django.http import HttpResponseRedirect
from django.urls import reverse
from drf_spectacular.utils import OpenApiParameter, PolymorphicProxySerializer, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from skills.api.v1 import schemas
from skills.api.v1.docs import PAGING, PROBLEMS, page_of
from skills.api.v1.endpoint import Answer, HubView, listed, plain, whole_number
from skills.catalog.models import Skill
from skills.catalog.selectors import find_skill, skills_for
from skills.delivery.resolve import resolve
from skills.http.conditional import not_modified, private
from skills.http.header_values import etag
from skills.lib.errors import refuse
from skills.search import log
from skills.search.query import KINDS, SORTS, START, STOP, Filters, search
from skills.search.token_budget import packed


class SkillList(HubView):
    @extend_schema(
        parameters=[
            *PAGING,
            OpenApiParameter("team", description="Only this team's skills."),
            OpenApiParameter("tag", description="Only skills with this tag."),
            OpenApiParameter("sort", enum=list(SORTS)),
        ],
        responses={200: page_of(schemas.SkillShape), **PROBLEMS},
    )
    def get(self, request: Request) -> Response:
        """The skills you can read, newest first."""
        sort = request.query_params.get("sort", "newest")
        if sort not in SORTS:
            raise refuse("bad_sort", f"There is no order {sort[:40]!r}.", f"Use {', '.join(SORTS)}.")
        rows = skills_for(self.actor).filter(shown__isnull=False)
        if team := request.query_params.get("team"):
            rows = rows.filter(team__handle=team)
        if tag := request.query_params.get("tag"):
            rows = rows.filter(tags__contains=[tag])
        return listed(request, rows, SORTS[sort], schemas.skill)


class Search(HubView):
    rate = "search"

    @extend_schema(
        parameters=[
            OpenApiParameter("q", required=True, description="Words or a sentence."),
            *PAGING,
            OpenApiParameter("team"),
            OpenApiParameter("tag"),
            OpenApiParameter("label"),
            OpenApiParameter("tool"),
            OpenApiParameter("model", description="Evaluated on this model."),
            OpenApiParameter("updated", description="In this month, YYYY-MM."),
            OpenApiParameter("token_budget", type=int, description="Tokens the results may have."),
        ],
        responses={
            200: PolymorphicProxySerializer(
                "SearchResponse", [schemas.SearchAnswer, schemas.PackedAnswer], resource_type_field_name=None
            ),
            **PROBLEMS,
        },
    )
    def get(self, request: Request) -> Response:
        """Skills for a sentence, best first: exact and prefix names, then words and meaning.

        With `token_budget` the answer holds the best skills that fit into so many tokens and only
        what an agent needs to choose; `tokens` counts the results as they are sent.
        """
        query = request.query_params
        budget = whole_number(request, "token_budget", 0, most=100_000)
        answer = search(
            self.actor,
            query.get("q", ""),
            cursor=query.get("cursor", ""),
            size=whole_number(request, "limit", 50 if budget else 10),
            filters=Filters(**{name: query.get(name, "") for name in KINDS}),
        )
        if query.get("q"):
            log.note_search(self.actor, query["q"], [hit.skill.pk for hit in answer.hits], answer.total)
        if budget:
            return Response(packed(answer, budget))
        results = [
            {
                **schemas.skill(hit.skill),
                "score": hit.score,
                "reason": hit.reason,
                "snippet": hit.snippet.replace(START, "**").replace(STOP, "**"),
            }
            for hit in answer.hits
        ]
        return Response(
            {
                "results": results,
                "next": answer.next,
                "total": answer.total,
                "corrections": answer.corrections,
                "meaning": answer.meaning,
            }
        )


def load_skill(view: HubView, kwargs: Mapping[str, str]) -> Skill:
    """The skill of the address, by its present or a former name."""
    return find_skill(view.actor, kwargs["team"], kwargs["name"])


class SkillView(HubView):
    @extend_schema(responses={200: schemas.SkillDetail, 304: None, **PROBLEMS})
    def get(self, request: Request, **kwargs: str) -> Answer:
        """One skill with its channels; old names redirect."""
        skill = load_skill(self, kwargs)
        if (skill.team.handle, skill.name) != (kwargs["team"], kwargs["name"]):
            return HttpResponseRedirect(reverse("api-skill", args=[skill.team.handle, skill.name]))
        channels = {
            channel.name: channel.version.number for channel in skill.channels.select_related("version")
        }
        if skill.latest:
            channels["latest"] = skill.latest.number
        successor = skill.successor
        body = {
            **schemas.skill(skill),
            "channels": channels,
            "successor": str(successor) if successor else None,
            "deprecation_note": skill.deprecation_note,
        }
        # Of the answer itself: not every act that changes it changes `updated_at`, a deprecation for one.
        tag = etag(hashlib.sha256(json.dumps(body, default=str).encode()).hexdigest())
        if unchanged := not_modified(plain(request), tag):
            return unchanged
        return private(Response(body), tag)


class Resolve(HubView):
    @extend_schema(
        parameters=[OpenApiParameter("version", description="1.2.0, ^1.2, ~1.2, >=1,<2, latest, stable …")],
        responses={200: schemas.VersionShape, **PROBLEMS},
    )
    def get(self, request: Request, **kwargs: str) -> Response:
        """The approved version that a number, a range or a channel means now."""
        wanted = request.query_params.get("version", "latest")
        version = resolve(self.actor, load_skill(self, kwargs), wanted)
        return Response(schemas.version(version))
