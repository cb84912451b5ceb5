"""Cases that a model proposes: asked for, then read; whoever asked edits them and keeps some."""

import json
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers as s
from rest_framework.request import Request
from rest_framework.response import Response

from skills.api.v1 import schemas
from skills.api.v1.docs import PROBLEMS, WRITE_PROBLEMS
from skills.api.v1.endpoint import HubView
from skills.api.v1.versions import load_version
from skills.bundles.eval_cases import Evals
from skills.evals.case_text import evals_json
from skills.evals.models import CaseDraft, DraftSource, DraftState
from skills.flows.evaluation import drafting
from skills.lib.errors import refuse
from skills.people import rules
from skills.people.models import Role


class DraftIn(schemas.Shape):
    source = s.ChoiceField(choices=DraftSource.choices)  # type: ignore[assignment]
    model = s.CharField(required=False, max_length=120, help_text="A label of the portfolio.")
    trial = s.IntegerField(required=False, min_value=1, help_text="The failed trial, with `source: trial`.")


class DraftShape(schemas.Shape):
    id = s.IntegerField()
    state = s.ChoiceField(choices=DraftState.choices)
    source = s.ChoiceField(choices=DraftSource.choices)  # type: ignore[assignment]
    model = s.CharField()
    problem = s.CharField(allow_blank=True, help_text="why there are no cases")
    cases = s.ListField(child=s.DictField(), help_text="as `evals` of evals.json has them; nothing is kept")


def _draft(row: CaseDraft) -> dict[str, object]:
    rows = [
        {
            "id": case["id"],
            "prompt": case["prompt"],
            "expected": case["expected"],
            "assertions": case["assertions"],
        }
        for case in row.rows
    ]
    return {
        "id": row.pk,
        "state": row.state,
        "source": row.source,
        "model": row.model.label,
        "problem": row.problem,
        "cases": json.loads(evals_json(row.version.skill.name, rows, Evals()))["evals"],
    }


class VersionDrafts(HubView):
    @extend_schema(request=DraftIn, responses={201: DraftShape, **WRITE_PROBLEMS})
    def post(self, request: Request, **kwargs: Any) -> Response:
        """Have a model of the portfolio propose cases from SKILL.md, review comments or a failed trial."""
        version = load_version(self, kwargs)
        rules.role(self.actor, version.skill.team, Role.MEMBER)
        body = DraftIn(data=request.data)
        body.is_valid(raise_exception=True)
        wanted = body.validated_data
        models = {row.label: row.pk for row in drafting.drafters(version)}
        if "model" in wanted and wanted["model"] not in models:
            text = f"No model called {wanted['model']} can draft cases for this team."
            raise refuse("bad_model", text, f"Known: {', '.join(models)[:500] or 'none'}.")
        draft = drafting.request_draft(
            actor=self.actor,
            version=version,
            source=wanted["source"],
            model_id=models.get(wanted.get("model")),
            trial_id=wanted.get("trial"),
        )
        return Response(_draft(draft), status=201)


class DraftView(HubView):
    @extend_schema(responses={200: DraftShape, **PROBLEMS})
    def get(self, request: Request, **kwargs: Any) -> Response:
        """A draft of one's own, with its cases once the model has answered."""
        return Response(_draft(drafting.draft_by_id(self.actor, kwargs["pk"])))
