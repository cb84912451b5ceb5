"""Budgets: what is left, and the ledger."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from skills.api.v1 import eval_schemas as shapes
from skills.api.v1.docs import PAGING, PROBLEMS
from skills.api.v1.endpoint import HubView, listed
from skills.budgets import selectors


class BudgetList(HubView):
    @extend_schema(responses={200: shapes.BudgetShape(many=True), **PROBLEMS})
    def get(self, request: Request) -> Response:
        """One's own budget, those of one's teams and, for staff and auditors, the instance's."""
        return Response([shapes.budget(one) for one in selectors.visible(self.actor)])


class BudgetEntries(HubView):
    @extend_schema(parameters=PAGING, responses={200: shapes.EntryPage, **PROBLEMS})
    def get(self, request: Request, pk: int) -> Response:
        """The ledger of one budget, the newest first."""
        budget = selectors.budget_by_id(self.actor, pk)
        return listed(request, selectors.entries(budget), "-at", shapes.entry)
