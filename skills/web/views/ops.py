"""For operators: health, metrics, searches without results, and the page of the first admin."""

import hmac
import os

from django.conf import settings
from django.contrib.auth import login
from django.core.cache import cache
from django.db import connection
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from skills.delivery.models import DamagedBlob
from skills.delivery.outage import AWAY
from skills.http.actors import HubRequest
from skills.http.audience import is_from_this_machine
from skills.lib import counters
from skills.lib.errors import Refused, missing
from skills.people import rules
from skills.people.instance_roles import create_first_admin, setup_code
from skills.people.models import Account
from skills.search.log import queries_without_results
from skills.web.forms.people import FirstAdminForm
from skills.web.metrics import BlobCollector, JobCollector, SourceCollector


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
    # Said, and no reason to take this process away: every other bundle is served.
    damaged = DamagedBlob.objects.count() if parts["database"] else 0
    more = {"damaged_blobs": damaged} if damaged else {}
    body = {"status": "ok" if ready else "away", **words, **more}
    return JsonResponse(body, status=200 if ready else 503)


def _database() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("select 1")
    except AWAY:
        return False
    return True


def _cache() -> bool:
    try:
        cache.get("ready")
    except (OSError, counters.away()):
        return False
    return True


@require_GET
def searches(request: HubRequest) -> HttpResponse:
    """What was looked for and not found, for staff."""
    rules.staff(request.actor)
    context = {"rows": queries_without_results()[:200], "logging": settings.QUERY_LOG}
    return render(request, "curation/searches.html", context)


@require_GET
def metrics(request: HubRequest) -> HttpResponse:
    """Prometheus figures, behind METRICS_TOKEN where one is set, else for staff and this machine."""
    sent = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if settings.METRICS_TOKEN:
        # As bytes: `compare_digest` raises for a text with other than ASCII letters.
        if not hmac.compare_digest(sent.encode(), settings.METRICS_TOKEN.encode()):
            raise missing()
    elif not is_from_this_machine(request):
        rules.staff(request.actor)
    return HttpResponse(_figures(), content_type=CONTENT_TYPE_LATEST)


def _figures() -> bytes:
    """What this process counted, or all web processes where they share a folder; then jobs and blobs."""
    counted = REGISTRY
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        counted = CollectorRegistry()
        MultiProcessCollector(counted)  # type: ignore[no-untyped-call]
    # A registry of their own: the shared one would ask the database whenever anything is registered.
    asked = CollectorRegistry()
    asked.register(JobCollector())
    asked.register(BlobCollector())
    asked.register(SourceCollector())
    return generate_latest(counted) + generate_latest(asked)


@require_http_methods(["GET", "POST"])
def setup(request: HubRequest, code: str) -> HttpResponse:
    """Make the first member of staff; gone as soon as there is one."""
    # In constant time, so that nobody finds the code letter by letter.
    if not hmac.compare_digest(code, setup_code()) or Account.objects.filter(is_staff=True).exists():
        raise missing()
    form = FirstAdminForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            account = create_first_admin(**form.cleaned_data)
        except Refused as refused:
            form.add_error("username", str(refused))
        else:
            login(request, account, backend="allauth.account.auth_backends.AuthenticationBackend")
            return redirect("home")
    context = {"form": form, "title": "The first admin", "label": "Create the account"}
    return render(request, "components/form_page.html", context, status=400 if form.errors else 200)
