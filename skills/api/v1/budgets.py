"""Budgets: what is left, the ledger, and who sets limits, defaults, parts and grants."""

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from skills.api.v1 import budget_schemas as terms_shapes
from skills.api.v1 import eval_schemas as shapes
from skills.api.v1.docs import PAGING, PROBLEMS, WRITE_PROBLEMS, page_of
from skills.api.v1.endpoint import HubView, listed, page_size, paged
from skills.budgets import allowances, board, bulk, defaults, selectors, webhooks
from skills.budgets.entries import page_of_entries
from skills.budgets.models import Budget, DefaultBudget
from skills.budgets.terms import Terms
from skills.budgets.webhook_models import BudgetWebhook
from skills.catalog.selectors import find_team
from skills.lib.errors import Conflict, Refused, refuse
from skills.lib.pages import page, part
from skills.people import rules
from skills.people.models import Account, Token


class BudgetList(HubView):
    @extend_schema(parameters=PAGING, responses={200: page_of(shapes.BudgetShape), **PROBLEMS})
    def get(self, request: Request) -> Response:
        """One's own budget, those of one's teams and, for staff and auditors, the instance's."""
        size = page_size(request)
        found = part(selectors.budgets_of(self.actor), request.query_params.get("cursor", ""), size)
        return paged([shapes.budget(selectors.standing_of(row)) for row in found.rows], found.next)


class BudgetEntries(HubView):
    @extend_schema(parameters=PAGING, responses={200: page_of(shapes.EntryShape), **PROBLEMS})
    def get(self, request: Request, pk: int) -> Response:
        """The ledger of one budget, its newest period first and of each the newest entry."""
        budget = selectors.budget_by_id(self.actor, pk)
        found = page_of_entries(budget, request.query_params.get("cursor", ""), page_size(request))
        return paged([shapes.entry(row) for row in found.rows], found.next)


class BudgetView(HubView):
    @extend_schema(responses={200: shapes.BudgetShape, **PROBLEMS})
    def get(self, request: Request, pk: int) -> Response:
        """One budget with its current period."""
        return _answer(selectors.budget_by_id(self.actor, pk))

    @extend_schema(request=terms_shapes.TermsChange, responses={200: shapes.BudgetShape, **WRITE_PROBLEMS})
    def patch(self, request: Request, pk: int) -> Response:
        """Change a budget; what is not sent stays. What is spent is kept."""
        budget = selectors.budget_by_id(self.actor, pk)
        allowances.may_manage(self.actor, budget)
        body = terms_shapes.TermsChange(data=request.data)
        body.is_valid(raise_exception=True)
        if body.validated_data.pop("follow_default", False):
            allowances.follow_default(actor=self.actor, budget=budget)
        else:
            terms = terms_shapes.changed(budget.terms, body.validated_data)
            allowances.set_limits(actor=self.actor, budget=budget, terms=terms)
        return _answer(selectors.budget_by_id(self.actor, pk))


class BudgetGrants(HubView):
    @extend_schema(request=terms_shapes.GrantIn, responses={201: shapes.BudgetShape, **WRITE_PROBLEMS})
    def post(self, request: Request, pk: int) -> Response:
        """Raise the limits of the current period."""
        budget = selectors.budget_by_id(self.actor, pk)
        allowances.may_manage(self.actor, budget)
        body = terms_shapes.GrantIn(data=request.data)
        body.is_valid(raise_exception=True)
        allowances.grant(actor=self.actor, budget=budget, **body.validated_data)
        return _answer(budget, 201)


class BudgetParts(HubView):
    @extend_schema(parameters=PAGING, responses={200: page_of(shapes.BudgetShape), **PROBLEMS})
    def get(self, request: Request, pk: int) -> Response:
        """What a budget is divided into."""
        parts = board.parts_of(selectors.budget_by_id(self.actor, pk))
        found = part(parts, request.query_params.get("cursor", ""), page_size(request))
        standings = board.standings_of(found.rows)
        return paged([shapes.budget(selectors.Standing(*standing)) for standing in standings], found.next)

    @extend_schema(request=terms_shapes.PartIn, responses={201: shapes.BudgetShape, **WRITE_PROBLEMS})
    def post(self, request: Request, pk: int) -> Response:
        """Make a part, or find it; it has no limits until they are set."""
        whole = selectors.budget_by_id(self.actor, pk)
        allowances.may_manage(self.actor, whole)
        body = terms_shapes.PartIn(data=request.data)
        body.is_valid(raise_exception=True)
        wanted = body.validated_data
        if "token" in wanted:
            token = Token.objects.select_related("account__service_of").filter(
                pk=wanted["token"], account=whole.account_id
            )
            if whole.account_id is None or (found := token.first()) is None:
                raise refuse("bad_budget", "There is no such token.", "Send the id of one of the person's.")
            return _answer(allowances.of_token(actor=self.actor, token=found), 201)
        if whole.token:
            each = wanted.get("each", "")
            return _answer(allowances.of_token(actor=self.actor, token=whole.token, each=each), 201)
        if whole.team is None:
            raise refuse("bad_budget", "This budget is not divided.", "Divide that of a team.")
        account = None
        if "member" in wanted:
            account = Account.objects.filter(username=wanted["member"]).first()
            if account is None:
                raise refuse("bad_budget", "There is no such member.", "Send the handle of one.")
        made = allowances.part_of(
            actor=self.actor,
            team=whole.team,
            account=account,
            model=wanted.get("model", ""),
            each=wanted.get("each", ""),
        )
        return _answer(made, 201)


class BudgetWebhookView(HubView):
    @extend_schema(responses={200: terms_shapes.BudgetWebhookShape, **PROBLEMS})
    def get(self, request: Request, pk: int) -> Response:
        """The program that is told of the marks of a budget; without an address nobody is."""
        row = BudgetWebhook.objects.filter(budget=self._managed(pk)).first()
        return Response(terms_shapes.webhook(row or BudgetWebhook()))

    @extend_schema(
        request=terms_shapes.BudgetWebhookIn,
        responses={201: terms_shapes.BudgetWebhookMade, **WRITE_PROBLEMS},
    )
    def put(self, request: Request, pk: int) -> Response:
        """Set it, with a new secret; the one before counts no more."""
        budget = self._managed(pk)
        body = terms_shapes.BudgetWebhookIn(data=request.data)
        body.is_valid(raise_exception=True)
        address = body.validated_data["address"]
        secret = webhooks.set_webhook(actor=self.actor, budget=budget, address=address)
        return Response({"address": address, "secret": secret}, status=201)

    @extend_schema(request=None, responses={202: None, **WRITE_PROBLEMS})
    def post(self, request: Request, pk: int) -> Response:
        """Send it a test."""
        webhooks.send_test(actor=self.actor, budget=self._managed(pk))
        return Response(status=202)

    @extend_schema(responses={204: None, **WRITE_PROBLEMS})
    def delete(self, request: Request, pk: int) -> Response:
        """Tell no program any more."""
        webhooks.remove_webhook(actor=self.actor, budget=self._managed(pk))
        return Response(status=204)

    def _managed(self, pk: int) -> Budget:
        budget = selectors.budget_by_id(self.actor, pk)
        allowances.may_manage(self.actor, budget)
        return budget


class PeopleBudgets(HubView):
    @extend_schema(
        parameters=[*PAGING, OpenApiParameter("q"), OpenApiParameter("team")],
        responses={200: page_of(terms_shapes.PersonBudgetShape), **PROBLEMS},
    )
    def get(self, request: Request) -> Response:
        """The budgets of people, for staff and auditors."""
        asked = request.query_params
        rows = board.people(self.actor, wanted=asked.get("q", ""), team=asked.get("team", ""))
        size = page_size(request)
        found = page(rows, "username", asked.get("cursor", ""), size)
        return paged([terms_shapes.person(row) for row in board.rows_of_people(found.rows)], found.next)

    @extend_schema(request=terms_shapes.BulkIn, responses={200: terms_shapes.BulkShape, **WRITE_PROBLEMS})
    def post(self, request: Request) -> Response:
        """Set the budgets of many people by CSV: first without `digest` to see what changes, then with it."""
        rules.staff(self.actor)
        body = terms_shapes.BulkIn(data=request.data)
        body.is_valid(raise_exception=True)
        plan = bulk.plan(actor=self.actor, text=body.validated_data["csv"])
        if plan.problems:
            raise Refused(plan.problems)
        digest = body.validated_data.get("digest")
        if digest and digest != plan.digest:
            text = "The budgets have changed since, or the CSV has."
            raise refuse("bad_budget", text, "Ask again without `digest`.", kind=Conflict)
        if digest:
            bulk.carry_out(actor=self.actor, plan=plan)
        return Response(terms_shapes.bulk(plan, done=bool(digest)))


class DefaultBudgets(HubView):
    @extend_schema(parameters=PAGING, responses={200: page_of(terms_shapes.DefaultShape), **PROBLEMS})
    def get(self, request: Request) -> Response:
        """The defaults for people and teams whose budget nobody has set."""
        board.may_read_all(self.actor)
        return listed(request, DefaultBudget.objects.all(), "whom", terms_shapes.default)


class DefaultBudgetView(HubView):
    @extend_schema(
        request=terms_shapes.TermsShape, responses={200: terms_shapes.DefaultShape, **WRITE_PROBLEMS}
    )
    def put(self, request: Request, whom: str) -> Response:
        """Set a default; every budget that follows it has it at once."""
        rules.staff(self.actor)
        body = terms_shapes.TermsShape(data=request.data)
        body.is_valid(raise_exception=True)
        terms = terms_shapes.changed(Terms(), body.validated_data)
        defaults.set_default(actor=self.actor, whom=whom, terms=terms)
        return Response(terms_shapes.default(DefaultBudget.objects.get(whom=whom)))

    @extend_schema(responses={204: None, **WRITE_PROBLEMS})
    def delete(self, request: Request, whom: str) -> Response:
        """Drop a default."""
        defaults.remove_default(actor=self.actor, whom=whom)
        return Response(status=204)


class PersonBudget(HubView):
    @extend_schema(responses={200: shapes.BudgetShape, **PROBLEMS})
    def get(self, request: Request, handle: str) -> Response:
        """Somebody's budget: one's own, and for staff and auditors everybody's."""
        rules.signed_in(self.actor)
        account = Account.objects.filter(username=handle).first()
        if account is None or not (
            self.actor.reads_everything or (account == self.actor.account and self.actor.reads_internal)
        ):
            raise rules.unseen(self.actor)
        return _answer(allowances.budget_of(account=account))


class TeamBudget(HubView):
    @extend_schema(responses={200: shapes.BudgetShape, **PROBLEMS})
    def get(self, request: Request, team: str) -> Response:
        """A team's budget, for its members, staff and auditors."""
        rules.signed_in(self.actor)
        found = find_team(self.actor, team)
        if not (self.actor.reads_team(found.pk) or self.actor.reads_everything):
            raise rules.unseen(self.actor)
        return _answer(allowances.budget_of(team=found))


def _answer(budget: Budget, status: int = 200) -> Response:
    return Response(shapes.budget(selectors.standing_of(budget)), status=status)
