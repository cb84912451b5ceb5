"""Stars, follows, reports and the queue of reports."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from skills.catalog.selectors import find_skill, find_team, version_in_view
from skills.curation import follow, reports
from skills.curation.models import Report
from skills.http.actors import HubRequest
from skills.lib.errors import missing
from skills.lib.pages import page
from skills.people import rules
from skills.people.models import Role
from skills.web.forms.curation import ReportForm
from skills.web.outcomes import go_back, tell_outcome


@require_POST
def star(request: HubRequest, team: str, name: str) -> HttpResponse:
    skill = find_skill(request.actor, team, name)
    on = request.POST.get("on") == "1"
    with tell_outcome(request, "Starred." if on else "Star removed."):
        follow.star(actor=request.actor, skill=skill, on=on)
    return go_back(request, skill)


@require_POST
def follow_skill(request: HubRequest, team: str, name: str) -> HttpResponse:
    skill = find_skill(request.actor, team, name)
    on = request.POST.get("on") == "1"
    with tell_outcome(
        request, "You will hear of new versions." if on else "You no longer follow this skill."
    ):
        follow.follow(actor=request.actor, on=on, skill=skill)
    return go_back(request, skill)


@require_POST
def follow_team(request: HubRequest, team: str) -> HttpResponse:
    followed = find_team(request.actor, team)
    on = request.POST.get("on") == "1"
    with tell_outcome(request, "You will hear of new versions." if on else "You no longer follow this team."):
        follow.follow(actor=request.actor, on=on, team=followed)
    return go_back(request, "team", team)


@require_http_methods(["GET", "POST"])
def report(request: HubRequest, team: str, name: str) -> HttpResponse:
    """Say that something is wrong with a skill."""
    rules.person(request.actor)
    skill = find_skill(request.actor, team, name)
    form = ReportForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        version = version_in_view(request.actor, skill)
        with tell_outcome(request, "Thank you. You will get an answer."):
            reports.report(actor=request.actor, skill=skill, version=version, **form.cleaned_data)
        return go_back(request, skill)
    context = {"skill": skill, "form": form, "title": f"Report {skill}", "label": "Send the report"}
    return render(request, "components/form_page.html", context, status=400 if form.errors else 200)


@require_GET
def report_queue(request: HubRequest) -> HttpResponse:
    """Open reports first: staff see all, team admins those on their skills."""
    rules.person(request.actor)
    actor = request.actor
    mine = [pk for pk in actor.roles if actor.has_role(pk, Role.ADMIN)]
    if not actor.reads_everything and not mine:
        raise missing()
    rows = Report.objects.select_related("skill__team", "version", "reporter", "closed_by")
    if not actor.reads_everything:
        rows = rows.filter(skill__team_id__in=mine)
    chosen = "closed" if request.GET.get("filter") == "closed" else "open"
    rows = rows.filter(closed_at__isnull=chosen == "open")
    listed = page(rows, "-created_at", request.GET.get("cursor", ""), 20)
    context = {"reports": listed.rows, "next": listed.next, "chosen": chosen}
    return render(request, "curation/reports.html", context)


@require_POST
def close_report(request: HubRequest, pk: int) -> HttpResponse:
    actor = request.actor
    rules.person(actor)
    report = get_object_or_404(Report.objects.select_related("skill__team", "reporter"), pk=pk)
    if not actor.is_staff and not actor.has_role(report.skill.team_id, Role.ADMIN):
        raise missing()
    with tell_outcome(request, "The reporter has been answered."):
        reports.close_report(actor=actor, report=report, answer=request.POST.get("answer", ""))
    return go_back(request, "reports")
