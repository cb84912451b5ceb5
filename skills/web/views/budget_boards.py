"""Budgets of people and teams side by side, defaults, and setting many at once; for staff."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from skills.budgets import allowances, board, bulk, defaults
from skills.budgets.models import Budget, DefaultBudget, DefaultFor
from skills.budgets.selectors import budget_by_id
from skills.budgets.terms import Terms
from skills.catalog.selectors import find_team
from skills.http.actors import HubRequest
from skills.lib import whole_numbers
from skills.lib.errors import missing, refuse
from skills.lib.pages import page
from skills.people import rules
from skills.people.models import Account, Team, Token
from skills.web.forms.budgets import LimitsForm, limits_in_form, terms_in_form
from skills.web.forms.validation import valid
from skills.web.outcomes import tell_outcome

_SIZE = 50


@require_GET
def people(request: HubRequest) -> HttpResponse:
    """Everybody's budget: what is spent, left and to be expected."""
    wanted, team = request.GET.get("q", "").strip(), request.GET.get("team", "").strip()
    listed = page(
        board.people(request.actor, wanted=wanted, team=team),
        "username",
        request.GET.get("cursor", ""),
        _SIZE,
    )
    context = {
        "nav": "budgets",
        "rows": board.rows_of_people(listed.rows),
        "next": listed.next,
        "q": wanted,
        "team": team,
        "teams": Team.objects.filter(personal_of=None).order_by("handle").values_list("handle", flat=True),
        "may_change": request.actor.is_staff,
        "columns": ",".join(bulk.COLUMNS),
    }
    return render(request, "budgets/people.html", context)


@require_GET
def teams(request: HubRequest) -> HttpResponse:
    wanted = request.GET.get("q", "").strip()
    rows = board.shared_teams(request.actor, wanted=wanted)
    listed = page(rows, "handle", request.GET.get("cursor", ""), _SIZE)
    context = {
        "nav": "budgets",
        "rows": board.rows_of_teams(listed.rows),
        "next": listed.next,
        "q": wanted,
        "may_change": request.actor.is_staff,
    }
    return render(request, "budgets/teams.html", context)


@require_http_methods(["GET", "POST"])
def default_budgets(request: HubRequest) -> HttpResponse:
    """What people and teams have whose budget nobody has set."""
    rules.staff(request.actor)
    if request.method == "POST":
        whom = request.POST.get("whom", "")
        with tell_outcome(request, "The default is set; budgets that follow it have it at once."):
            if request.POST.get("what") == "remove":
                defaults.remove_default(actor=request.actor, whom=whom)
            else:
                terms = terms_in_form(valid(LimitsForm(request.POST), "bad_budget"))
                defaults.set_default(actor=request.actor, whom=whom, terms=terms)
        return redirect("budget-defaults")
    kept = {row.whom: row for row in DefaultBudget.objects.all()}
    rows = []
    for whom in (DefaultFor.EVERYONE, *(one for one in DefaultFor if one != DefaultFor.EVERYONE)):
        default = kept.get(whom)
        form = LimitsForm(initial=limits_in_form(default.terms if default else Terms()), prefix=None)
        form.auto_id = f"{whom}-%s"
        rows.append((whom, default, form))
    return render(request, "budgets/defaults.html", {"nav": "budgets", "rows": rows})


@require_POST
def change_people(request: HubRequest) -> HttpResponse:
    """Show what a CSV or a selection would change; with the digest of what was shown, do it."""
    rules.staff(request.actor)
    text = _csv_of(request)
    plan = bulk.plan(actor=request.actor, text=text)
    if request.POST.get("digest") == plan.digest and not plan.problems:
        with tell_outcome(request, "The budgets are set."):
            bulk.carry_out(actor=request.actor, plan=plan)
        return redirect("budgets-people")
    context = {
        "nav": "budgets",
        "plan": plan,
        "text": text,
        "changed": sum(change.changes for change in plan.changes),
        "is_other": bool(request.POST.get("digest")),
    }
    return render(request, "budgets/plan.html", context, status=400 if plan.problems else 200)


def _csv_of(request: HubRequest) -> str:
    """The text that was typed or uploaded, or a line for each person who is chosen."""
    if upload := request.FILES.get("file"):
        # Bytes that are no text are told as a character that no name has.
        data: bytes = upload.read(4 * bulk.MOST_CHARACTERS)
        return data.decode("utf-8", "replace")
    if text := request.POST.get("text", ""):
        return text
    chosen = request.POST.getlist("person")
    if request.POST.get("all"):
        wanted, team = request.POST.get("q", ""), request.POST.get("team", "")
        found = board.people(request.actor, wanted=wanted, team=team).order_by("username")
        chosen = list(found.values_list("username", flat=True)[: bulk.MOST_LINES + 1])
    terms = [request.POST.get(name, "").strip().replace(",", "") for name in bulk.COLUMNS[1:]]
    lines = [",".join(bulk.COLUMNS), *(",".join([name, *terms]) for name in chosen)]
    return "\n".join(line.replace("\n", " ") for line in lines)


@require_GET
def of_person(request: HubRequest, handle: str) -> HttpResponse:
    """The way to somebody's budget: one's own, and for staff and auditors everybody's."""
    reader = rules.signed_in(request.actor)
    account = get_object_or_404(Account, username=handle)
    if account != reader and not request.actor.reads_everything:
        raise missing()
    return redirect("budget", allowances.budget_of(account=account).pk)


@require_GET
def of_team(request: HubRequest, team: str) -> HttpResponse:
    """The way to a team's budget, for its members, staff and auditors."""
    found = find_team(request.actor, team)
    if not (request.actor.reads_team(found.pk) or request.actor.reads_everything):
        rules.signed_in(request.actor)
        raise missing()
    return redirect("budget", allowances.budget_of(team=found).pk)


@require_POST
def add_part(request: HubRequest, pk: int) -> HttpResponse:
    """Divide a budget: among members and models of a team, among tokens, or by session and run."""
    whole = budget_by_id(request.actor, pk)
    allowances.may_manage(request.actor, whole)
    part = whole
    with tell_outcome(request, "Now set its limits."):
        part = _part(request, whole)
    return redirect("budget", part.pk)


def _part(request: HubRequest, whole: Budget) -> Budget:
    kind, _, name = request.POST.get("part", "").partition(":")
    if kind == "token":
        pk = whole_numbers.from_text(name, 0)
        token = Token.objects.select_related("account__service_of").filter(pk=pk, account=whole.account_id)
        if whole.account_id is None or (found := token.first()) is None:
            raise refuse("bad_budget", "There is no such token.", "Choose one of the list.")
        return allowances.of_token(actor=request.actor, token=found)
    if whole.token:
        return allowances.of_token(actor=request.actor, token=whole.token, each=name)
    if whole.team is None:
        raise refuse("bad_budget", "This budget is not divided.", "Divide that of a team.")
    if kind == "member":
        account = Account.objects.filter(username=name).first()
        if account is None:
            raise refuse("bad_budget", "There is no such member.", "Choose one of the list.")
        return allowances.part_of(actor=request.actor, team=whole.team, account=account)
    return allowances.part_of(
        actor=request.actor,
        team=whole.team,
        model=name if kind == "model" else "",
        each=name if kind == "each" else "",
    )
