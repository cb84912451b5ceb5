"""Stars, follows, reports and the queue of reports."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from skills.catalog.selectors import find_skill, find_team, versions_of
from skills.curation import follow, reports
from skills.curation.models import Report
from skills.http.requests import HubRequest
from skills.lib.errors import missing
from skills.lib.pages import page
from skills.people import rules
from skills.people.models import Role
from skills.web.errors import act
from skills.web.forms.acts import ReportForm


@require_POST
def star(request: HubRequest, team: str, name: str) -> HttpResponse:
    skill = find_skill(request.actor, team, name)
    on = request.POST.get("on") == "1"
    work = lambda: follow.star(actor=request.actor, skill=skill, on=on)
    return act(request, work, "Starred." if on else "Star removed.", skill.get_absolute_url())


@require_POST
def follow_skill(request: HubRequest, team: str, name: str) -> HttpResponse:
    skill = find_skill(request.actor, team, name)
    on = request.POST.get("on") == "1"
    done = "You will hear of new versions." if on else "You no longer follow this skill."
    work = lambda: follow.follow(actor=request.actor, on=on, skill=skill)
    return act(request, work, done, skill.get_absolute_url())


@require_POST
def follow_team(request: HubRequest, team: str) -> HttpResponse:
    found = find_team(request.actor, team)
    on = request.POST.get("on") == "1"
    done = "You will hear of new versions." if on else "You no longer follow this team."
    work = lambda: follow.follow(actor=request.actor, on=on, team=found)
    return act(request, work, done, f"/@{team}/")


@require_http_methods(["GET", "POST"])
def report(request: HubRequest, team: str, name: str) -> HttpResponse:
    """Say that something is wrong with a skill."""
    rules.person(request.actor)
    skill = find_skill(request.actor, team, name)
    form = ReportForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        version = next(iter(versions_of(request.actor, skill)), None)
        work = lambda: reports.report(
            actor=request.actor, skill=skill, version=skill.shown or version, **form.cleaned_data
        )
        return act(request, work, "Thank you. You will get an answer.", skill.get_absolute_url())
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
    found = page(rows, "-created_at", request.GET.get("cursor", ""), 20)
    context = {"reports": found.rows, "next": found.next, "chosen": chosen}
    return render(request, "curation/reports.html", context)


@require_POST
def close_report(request: HubRequest, pk: int) -> HttpResponse:
    actor = request.actor
    rules.person(actor)
    found = get_object_or_404(Report.objects.select_related("skill__team", "reporter"), pk=pk)
    if not actor.is_staff and not actor.has_role(found.skill.team_id, Role.ADMIN):
        raise missing()
    answer = request.POST.get("answer", "")
    work = lambda: reports.close_report(actor=actor, report=found, answer=answer)
    return act(request, work, "The reporter has been answered.", "/reports/")
