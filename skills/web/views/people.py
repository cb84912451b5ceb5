"""People: their page, account, tokens, notices; and, for staff, everybody."""

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from skills.catalog.selectors import skills_for
from skills.curation.models import Star
from skills.http.actors import HubRequest
from skills.lib.addresses import here
from skills.lib.clock import now
from skills.lib.errors import missing
from skills.lib.pages import page
from skills.notices.models import Kind, Notice, NoticePreference
from skills.people import instance_roles, rules, tokens
from skills.people.models import Account, Membership, Role, Token
from skills.web.forms.people import NoticeForm, ProfileForm, TokenForm
from skills.web.forms.validation import refusals_on
from skills.web.outcomes import go_back, tell_outcome


@require_GET
def person(request: HubRequest, handle: str) -> HttpResponse:
    """What somebody publishes and maintains, as far as the visitor may read it."""
    rules.signed_in(request.actor)
    account = get_object_or_404(Account.objects.select_related("service_of"), username=handle)
    shown = skills_for(request.actor)
    memberships = Membership.objects.filter(account=account, team__personal_of=None)
    context = {
        "person": account,
        "published": shown.filter(versions__author=account, published=True)
        .distinct()
        .order_by("-updated_at")[:30],
        "starred": shown.filter(pk__in=Star.objects.filter(account=account).values("skill")).order_by("name")[
            :30
        ],
        "memberships": memberships.select_related("team").order_by("team__handle"),
    }
    return render(request, "people/person.html", context)


@require_http_methods(["GET", "POST"])
def account(request: HubRequest) -> HttpResponse:
    """One's own account: name, and the way to everything else."""
    owner = rules.person(request.actor)
    form = ProfileForm(request.POST or None, instance=owner)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "Saved.")
        return redirect("account")
    context = {"form": form}
    return render(request, "people/account.html", context, status=400 if form.errors else 200)


@require_POST
def deactivate_self(request: HubRequest) -> HttpResponse:
    owner = rules.person(request.actor)
    with tell_outcome(request, "Your account is deactivated. Staff can bring it back."):
        instance_roles.set_active(actor=request.actor, account=owner, active=False)
        logout(request)
    return go_back(request, "account")


@require_http_methods(["GET", "POST"])
def token_list(request: HubRequest) -> HttpResponse:
    """One's tokens; a new one is shown once, on this answer only."""
    owner = rules.person(request.actor)
    form = TokenForm(request.POST or None, team_ids=request.actor.team_ids)
    secret = ""
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            _, secret = tokens.create_token(actor=request.actor, owner=owner, **form.cleaned_data)
            form = TokenForm(team_ids=request.actor.team_ids)
    rows = page(
        Token.objects.filter(account=owner).prefetch_related("teams"),
        "-created_at",
        request.GET.get("cursor", ""),
        30,
    )
    context = {"form": form, "tokens": rows.rows, "next": rows.next, "secret": secret}
    return render(request, "people/tokens.html", context, status=400 if form.errors else 200)


@require_POST
def revoke_token(request: HubRequest, pk: int) -> HttpResponse:
    owner = rules.person(request.actor)
    token = Token.objects.select_related("account__service_of").filter(pk=pk).first()
    if token is None:
        raise missing()
    if token.account != owner:
        service_of = token.account.service_of
        if service_of is None or not (
            request.actor.is_staff or request.actor.has_role(service_of.pk, Role.ADMIN)
        ):
            raise missing()
    with tell_outcome(request, "Revoked."):
        tokens.revoke_token(actor=request.actor, token=token)
    return go_back(request, "tokens")


@require_http_methods(["GET", "POST"])
def notifications(request: HubRequest) -> HttpResponse:
    """What one wants to hear of, and where."""
    owner = rules.person(request.actor)
    chosen = {
        preference.kind: (preference.in_app, preference.by_email)
        for preference in NoticePreference.objects.filter(account=owner)
    }
    form = NoticeForm(request.POST if request.method == "POST" else None, chosen=chosen)
    if request.method == "POST" and form.is_valid():
        for kind in Kind.values:
            NoticePreference.objects.update_or_create(
                account=owner,
                kind=kind,
                defaults={
                    "in_app": form.cleaned_data[f"{kind}-app"],
                    "by_email": form.cleaned_data[f"{kind}-email"],
                },
            )
        messages.success(request, "Saved.")
        return redirect("notifications")
    rows = [(label, form[f"{kind}-app"], form[f"{kind}-email"]) for kind, label in Kind.choices]
    return render(request, "people/notifications.html", {"rows": rows})


@require_http_methods(["GET", "POST"])
def notices(request: HubRequest) -> HttpResponse:
    """What happened; opening one or the button marks them as read, looking at the list does not."""
    owner = rules.person(request.actor)
    if request.method == "POST":
        Notice.objects.filter(account=owner, read_at=None).update(read_at=now())
        return redirect("notices")
    rows = page(Notice.objects.filter(account=owner), "-created_at", request.GET.get("cursor", ""), 30)
    context = {"nav": "notices", "notices": rows.rows, "next": rows.next}
    return render(request, "people/notices.html", context)


@require_GET
def notice(request: HubRequest, pk: int) -> HttpResponse:
    """On to what a notice is about, which has been read now; so has whatever else led to the same page."""
    owner = rules.person(request.actor)
    opened = Notice.objects.filter(account=owner, pk=pk).first()
    if opened is None:
        raise missing()
    Notice.objects.filter(account=owner, url=opened.url, read_at=None).update(read_at=now())
    return redirect(here(opened.url))


@require_GET
def people(request: HubRequest) -> HttpResponse:
    """Everybody, for staff."""
    rules.staff(request.actor)
    rows = Account.objects.select_related("service_of")
    if wanted := request.GET.get("q", "").strip():
        rows = rows.filter(username__icontains=wanted) | rows.filter(email__icontains=wanted)
    listed = page(rows, "username", request.GET.get("cursor", ""), 50)
    context = {"people": listed.rows, "next": listed.next, "q": request.GET.get("q", "")}
    return render(request, "people/list.html", context)


@require_POST
def change_person(request: HubRequest, handle: str) -> HttpResponse:
    """Staff give or take offices, deactivate and bring back."""
    rules.staff(request.actor)
    account = get_object_or_404(Account.objects.select_related("service_of"), username=handle)
    with tell_outcome(request, "Saved."):
        match request.POST.get("what"):
            case "active":
                active = request.POST.get("on") == "1"
                instance_roles.set_active(actor=request.actor, account=account, active=active)
            case "offices":
                staff, auditor = request.POST.get("staff") == "1", request.POST.get("auditor") == "1"
                instance_roles.set_offices(actor=request.actor, account=account, staff=staff, auditor=auditor)
            case _:
                raise missing()
    return go_back(request, "people")
