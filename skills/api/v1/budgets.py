"""Budgets: what is left, and the ledger."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from skills.api.v1 import eval_schemas as shapes
from skills.api.v1.docs import PAGING, PROBLEMS, page_of
from skills.api.v1.endpoint import HubView, listed, paged, whole_number
from skills.budgets import selectors
from skills.lib.pages import part


class BudgetList(HubView):
    @extend_schema(parameters=PAGING, responses={200: page_of(shapes.BudgetShape), **PROBLEMS})
    def get(self, request: Request) -> Response:
        """One's own budget, those of one's teams and, for staff and auditors, the instance's."""
        size = whole_number(request, "limit", 20)
        found = part(selectors.budgets_of(self.actor), request.query_params.get("cursor", ""), size)
        return paged([shapes.budget(selectors.standing_of(row)) for row in found.rows], found.next)


class BudgetEntries(HubView):
    @extend_schema(parameters=PAGING, responses={200: page_of(shapes.EntryShape), **PROBLEMS})
    def get(self, request: Request, pk: int) -> Response:
        """The ledger of one budget, the newest first."""
        budget = selectors.budget_by_id(self.actor, pk)
        return listed(request, selectors.entries(budget), "-at", shapes.entry)
