"""For operators: health, metrics; and the first-admin page."""

import hmac
import os
from typing import Any

from django.conf import settings
from django.contrib.auth import login
from django.core.cache import cache
from django.db import connection, transaction
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from skills.audit.record import record
from skills.http.requests import HubRequest
from skills.jobs.models import Job, JobState
from skills.lib.errors import Refused, missing
from skills.people import rules
from skills.people.instance_roles import setup_code
from skills.people.models import Account
from skills.people.teams import check_handle, open_account
from skills.search.log import found_nothing
from skills.web.forms.setup import FirstAdminForm


@require_GET
def healthz(request: HubRequest) -> HttpResponse:
    """The process answers."""
    return JsonResponse({"status": "ok"})


@require_GET
def readyz(request: HubRequest) -> HttpResponse:
    """What the process needs answers too: database and cache."""
    parts = {"database": _database(), "cache": _cache()}
    ready = all(parts.values())
    words = {name: "ok" if fine else "away" for name, fine in parts.items()}
    return JsonResponse({"status": "ok" if ready else "away", **words}, status=200 if ready else 503)


def _database() -> bool:
    from skills.delivery.outage import AWAY

    try:
        with connection.cursor() as cursor:
            cursor.execute("select 1")
    except AWAY:
        return False
    return True


def _cache() -> bool:
    from skills.lib import counters

    try:
        cache.get("ready")
    except (OSError, counters.away()):
        return False
    return True


@require_GET
def searches(request: HubRequest) -> HttpResponse:
    """What was looked for and not found, for staff."""
    rules.staff(request.actor)
    context = {"rows": found_nothing()[:200], "logging": settings.QUERY_LOG}
    return render(request, "curation/searches.html", context)


@require_GET
def metrics(request: HubRequest) -> HttpResponse:
    """Prometheus figures, behind METRICS_TOKEN where one is set, else for staff and loopback."""
    sent = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if settings.METRICS_TOKEN:
        if not hmac.compare_digest(sent, settings.METRICS_TOKEN):
            raise missing()
    elif request.META.get("REMOTE_ADDR") not in ("127.0.0.1", "::1"):
        rules.staff(request.actor)
    from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest

    registry: Any = REGISTRY
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        from prometheus_client.multiprocess import MultiProcessCollector

        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    text = generate_latest(registry).decode() + _job_figures()
    return HttpResponse(text, content_type=CONTENT_TYPE_LATEST)


def _job_figures() -> str:
    lines = ["# HELP skillhub_jobs Jobs by state.", "# TYPE skillhub_jobs gauge"]
    for state in (JobState.QUEUED, JobState.RUNNING, JobState.FAILED):
        lines.append(f'skillhub_jobs{{state="{state}"}} {Job.objects.filter(state=state).count()}')
    return "\n".join(lines) + "\n"


@require_http_methods(["GET", "POST"])
def setup(request: HubRequest, code: str) -> HttpResponse:
    """Make the first member of staff; gone as soon as there is one."""
    if not hmac.compare_digest(code, setup_code()) or Account.objects.filter(is_staff=True).exists():
        raise missing()
    form = FirstAdminForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            check_handle(form.cleaned_data["username"])
        except Refused as refused:
            form.add_error("username", str(refused))
        else:
            account = Account(
                username=form.cleaned_data["username"], email=form.cleaned_data["email"], is_staff=True
            )
            account.set_password(form.cleaned_data["password"])
            with transaction.atomic():
                open_account(account)
                record("account.office", by=account, target=account.username, staff=True, auditor=False)
            login(request, account, backend="allauth.account.auth_backends.AuthenticationBackend")
            return redirect("home")
    context = {"form": form, "title": "The first admin", "label": "Create the account"}
    return render(request, "components/form_page.html", context, status=400 if form.errors else 200)
