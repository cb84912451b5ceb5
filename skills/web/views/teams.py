"""Teams: their page, members, invitations, policy, service accounts."""

from django.conf import settings
from django.contrib import messages
from django.core.mail import send_mail
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from skills.budgets import allowances, board
from skills.bundles.hidden import reveal
from skills.catalog.selectors import find_team, skills_for
from skills.curation.models import Follow, Label
from skills.flows.names import ask_for_team
from skills.http.actors import HubRequest
from skills.lib import whole_numbers
from skills.lib.addresses import public_address
from skills.lib.errors import Forbidden, Missing, Refused, missing, refuse
from skills.lib.pages import page
from skills.people import rules, teams, tokens
from skills.people.instance_roles import set_active
from skills.people.models import Account, Invitation, Membership, Role, Team, Token
from skills.portfolio.selectors import available
from skills.reviews.rules import sentences
from skills.search.similar import overlaps
from skills.web.forms.people import TokenForm
from skills.web.forms.teams import InviteForm, NewTeamForm, PolicyForm, ServiceForm, TeamForm
from skills.web.forms.validation import refusals_on
from skills.web.lookups import administered_team
from skills.web.outcomes import go_back, tell_outcome
from skills.web.shelves import shelves_of
from skills.web.signup import INVITATION


@require_GET
def team_list(request: HubRequest) -> HttpResponse:
    """The teams one is in, and the others that exist."""
    account = rules.person(request.actor)
    mine = Membership.objects.filter(account=account).select_related("team").order_by("team__handle")
    others = Team.objects.filter(personal_of=None).exclude(pk__in=request.actor.team_ids)
    rows = page(others, "handle", request.GET.get("cursor", ""), 50)
    context = {"mine": mine, "others": rows.rows, "next": rows.next}
    return render(request, "teams/list.html", context)


@require_http_methods(["GET", "POST"])
def new_team(request: HubRequest) -> HttpResponse:
    rules.person(request.actor)
    form = NewTeamForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        asks_staff = form.cleaned_data.pop("ask_staff")
        try:
            team = teams.create_team(actor=request.actor, **form.cleaned_data)
        except Forbidden:
            raise
        except Refused as refused:
            if asks_staff and refused.problems[0].code == "near_name":
                handle, name = form.cleaned_data["handle"], form.cleaned_data["name"]
                ask_for_team(actor=request.actor, handle=handle, name=name)
                messages.success(request, f"Staff were asked to allow {handle}. You hear of their answer.")
                return redirect("teams")
            form.add_error("handle", str(refused))
        else:
            messages.success(request, f"The team {team.handle} exists. Invite your colleagues.")
            return redirect("team-members", team.handle)
    context = {"form": form, "title": "New team", "label": "Create the team"}
    return render(request, "components/form_page.html", context, status=400 if form.errors else 200)


@require_GET
def team_page(request: HubRequest, team: str) -> HttpResponse:
    """What a team publishes, and its rules."""
    owner = find_team(request.actor, team)
    rows = page(skills_for(request.actor).filter(team=owner), "name", request.GET.get("cursor", ""), 30)
    account = request.actor.account
    is_admin = _is_admin(request, owner)
    is_member = owner.pk in request.actor.roles
    context = {
        "team": owner,
        "skills": rows.rows,
        "shelves": shelves_of(request.actor, [owner.pk]) if not request.GET else [],
        "next": rows.next,
        "policy": sentences(owner.policy),
        "labels": Label.objects.filter(
            team=owner, skill_labels__skill__in=skills_for(request.actor)
        ).distinct(),
        "is_member": is_member,
        "may_follow": bool(account and not account.is_service),
        "may_leave": is_member and not owner.is_personal,
        "may_administer": is_admin,
        "may_invite": is_admin and not owner.is_personal,
        "following": bool(account and Follow.objects.filter(account=account, team=owner).exists()),
        "members": _members(owner) if account else [],
    }
    return render(request, "teams/team.html", context)


def _members(team: Team) -> list[Membership]:
    rows = Membership.objects.filter(team=team).select_related("account")
    return list(rows.order_by("account__username"))


def _is_admin(request: HubRequest, team: Team) -> bool:
    return request.actor.is_staff or request.actor.has_role(team.pk, Role.ADMIN)


@require_GET
def overlapping(request: HubRequest, team: str) -> HttpResponse:
    """Skills of the team beside those that mean nearly the same."""
    owner = administered_team(request.actor, team)
    context = {"team": owner, "section": "overlaps", "pairs": overlaps(request.actor, owner)}
    return render(request, "teams/overlaps.html", context)


@require_GET
def members(request: HubRequest, team: str) -> HttpResponse:
    owner = administered_team(request.actor, team)
    return _members_page(request, owner, InviteForm())


def _members_page(
    request: HubRequest, team: Team, form: InviteForm, link: str = "", status: int = 200
) -> HttpResponse:
    open_ = Invitation.objects.filter(team=team, accepted_at=None, revoked_at=None)
    context = {
        "team": team,
        "members": _members(team),
        "form": form,
        "roles": Role.choices,
        "invitations": [invitation for invitation in open_.order_by("-created_at") if invitation.is_open],
        "link": link,
        "sends_mail": bool(settings.EMAIL_HOST),
        "section": "members",
    }
    response = render(request, "teams/members.html", context, status=status)
    if link:
        response.headers["Cache-Control"] = "private, no-store"
    return response


@require_POST
def invite(request: HubRequest, team: str) -> HttpResponse:
    """Invite by e-mail; the link is also shown once, for instances without a mail server."""
    owner = administered_team(request.actor, team)
    form = InviteForm(request.POST)
    if not form.is_valid():
        return _members_page(request, owner, form, status=400)
    try:
        invitation, secret = teams.invite(actor=request.actor, team=owner, **form.cleaned_data)
    except (Missing, Forbidden):
        raise
    except Refused as refused:
        form.add_error(None, str(refused))
        return _members_page(request, owner, form, status=400)
    link = public_address(reverse("invitation", args=[secret]))
    text = f"{reveal(request.actor.name)} invites you to the team {owner.handle} on SkillHub:\n\n{link}\n"
    # A mail server that is away must not undo the invitation, whose link is on the page.
    send_mail(f"[SkillHub] Join {owner.handle}", text, None, [invitation.email], fail_silently=True)
    return _members_page(request, owner, InviteForm(), link)


@require_POST
def revoke_invitation(request: HubRequest, team: str, pk: int) -> HttpResponse:
    owner = administered_team(request.actor, team)
    invitation = get_object_or_404(Invitation.objects.select_related("team"), pk=pk, team=owner)
    with tell_outcome(request, "The invitation was withdrawn."):
        teams.revoke_invitation(actor=request.actor, invitation=invitation)
    return go_back(request, "team-members", team)


@require_http_methods(["GET", "POST"])
def invitation(request: HubRequest, secret: str) -> HttpResponse:
    """Accept an invitation; whoever has no account yet makes one first."""
    led_here = teams.invitation_behind(secret)
    if led_here and led_here.team_id in request.actor.roles:
        # Also where the invitation is over because it was theirs.
        return redirect("team", led_here.team.handle)
    offer = teams.find_invitation(secret)
    account = request.actor.account
    if account and request.method == "POST":
        team = teams.accept(actor=request.actor, secret=secret)
        messages.success(request, f"Welcome to {team.handle}.")
        return redirect("team", team.handle)
    if not account:
        request.session[INVITATION] = offer.pk
    is_theirs = bool(account and teams.is_invited(account, offer))
    return render(request, "teams/invitation.html", {"invitation": offer, "is_theirs": is_theirs})


@require_POST
def set_role(request: HubRequest, team: str) -> HttpResponse:
    owner = administered_team(request.actor, team)
    account = get_object_or_404(Account, username=request.POST.get("account", ""))
    role = request.POST.get("role", "")
    if role not in (*Role.values, ""):
        raise missing()
    with tell_outcome(request, "Saved."):
        teams.set_role(actor=request.actor, team=owner, account=account, role=role)
    return go_back(request, "team-members", team)


@require_POST
def leave(request: HubRequest, team: str) -> HttpResponse:
    rules.person(request.actor)
    owner = find_team(request.actor, team)
    with tell_outcome(request, "You left."):
        teams.leave_team(actor=request.actor, team=owner)
    return go_back(request, "teams")


@require_http_methods(["GET", "POST"])
def policy(request: HubRequest, team: str) -> HttpResponse:
    """The team's name and its rules, in plain sentences."""
    owner = administered_team(request.actor, team)
    chosen = owner.policy
    facts = {name: getattr(chosen, name) for name in PolicyForm.base_fields}
    # Those named already too: one that is out of use stays named until somebody unticks it.
    asked = [model.label for model in available(owner) if not model.provider.is_scripted]
    labels = {*chosen.standard_models, *asked}
    form = PolicyForm(request.POST or None, initial=facts, labels=sorted(labels))
    if request.method == "POST" and form.is_valid():
        with tell_outcome(request, "The policy was saved."):
            teams.change_policy(actor=request.actor, team=owner, **form.cleaned_data)
        return go_back(request, "team-policy", team)
    about = TeamForm(initial={"name": owner.name, "description": owner.description})
    context = {"team": owner, "form": form, "about": about, "policy": sentences(chosen), "section": "policy"}
    return render(request, "teams/policy.html", context, status=400 if form.errors else 200)


@require_POST
def about(request: HubRequest, team: str) -> HttpResponse:
    owner = administered_team(request.actor, team)
    form = TeamForm(request.POST)
    if not form.is_valid():
        messages.error(request, "A team needs a name of at most 80 characters.")
        return redirect("team-policy", team)
    with tell_outcome(request, "Saved."):
        teams.change_team(actor=request.actor, team=owner, **form.cleaned_data)
    return go_back(request, "team-policy", team)


@require_http_methods(["GET", "POST"])
def services(request: HubRequest, team: str) -> HttpResponse:
    """Service accounts of a team, for CI and agents."""
    owner = administered_team(request.actor, team)
    form = ServiceForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            teams.create_service(actor=request.actor, team=owner, **form.cleaned_data)
            messages.success(request, "The service account exists; give it a token.")
            return go_back(request, "team-services", team)
    rows = owner.services.order_by("username").prefetch_related("tokens")
    context = {"team": owner, "form": form, "services": rows, "section": "services"}
    return render(request, "teams/services.html", context, status=400 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def service(request: HubRequest, team: str, service: str) -> HttpResponse:
    """The tokens of one service account."""
    owner = administered_team(request.actor, team)
    account = get_object_or_404(
        Account.objects.select_related("service_of"), username=service, service_of=owner
    )
    form = TokenForm(request.POST or None, team_ids=[], service=True)
    secret = ""
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            _, secret = tokens.create_token(actor=request.actor, owner=account, **form.cleaned_data)
            form = TokenForm(team_ids=[], service=True)
    rows = Token.objects.filter(account=account).prefetch_related("teams").order_by("-created_at")
    context = {
        "team": owner,
        "service": account,
        "form": form,
        "tokens": rows,
        "secret": secret,
        "section": "services",
        "parts": board.standings_of(board.token_budgets_of(account)),
        "live_tokens": [token for token in rows if token.is_live],
    }
    response = render(request, "teams/service.html", context, status=400 if form.errors else 200)
    # A secret may be on the page: neither a proxy nor the back button may keep it.
    response.headers["Cache-Control"] = "private, no-store"
    return response


@require_POST
def service_budget(request: HubRequest, team: str, service: str) -> HttpResponse:
    """The way to the budget of one of its tokens, made where there was none."""
    owner = administered_team(request.actor, team)
    account = get_object_or_404(Account, username=service, service_of=owner)
    pk = whole_numbers.from_text(request.POST.get("token", ""), 0)
    rows = Token.objects.select_related("account__service_of")
    with tell_outcome(request, "Now set its limits."):
        token = rows.filter(pk=pk, account=account).first()
        if token is None:
            raise refuse("bad_budget", "There is no such token.", "Choose one of the list.")
        return redirect("budget", allowances.of_token(actor=request.actor, token=token).pk)
    return redirect("team-service", team, service)


@require_POST
def service_active(request: HubRequest, team: str, service: str) -> HttpResponse:
    owner = administered_team(request.actor, team)
    account = get_object_or_404(
        Account.objects.select_related("service_of"), username=service, service_of=owner
    )
    active = request.POST.get("active") == "1"
    with tell_outcome(request, "Saved."):
        set_active(actor=request.actor, account=account, active=active)
    return go_back(request, "team-services", team)
