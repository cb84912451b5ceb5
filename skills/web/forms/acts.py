"""Forms of smaller acts: reports, teams, members, tokens, settings of a skill."""

from typing import Any

from django import forms

from skills.curation.models import ReportReason
from skills.notices.models import Kind
from skills.people.models import Account, Role, Scope, Team
from skills.people.tokens import DAYS, MOST_DAYS


class ReportForm(forms.Form):
    reason = forms.ChoiceField(choices=ReportReason.choices)
    text = forms.CharField(
        label="What did you see?", max_length=2000, widget=forms.Textarea(attrs={"rows": 5})
    )


class TeamForm(forms.Form):
    name = forms.CharField(max_length=80)
    description = forms.CharField(required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 3}))


class NewTeamForm(TeamForm):
    handle = forms.CharField(
        max_length=40, help_text="In every address of the team's skills; it cannot be changed later."
    )
    field_order = ("handle", "name", "description")


class PolicyForm(forms.Form):
    approvals_needed = forms.IntegerField(min_value=1, max_value=5, label="Approvals a version needs")
    self_approval = forms.BooleanField(
        required=False,
        label="Authors may approve their own versions",
        help_text="Such a version reaches the team only, whatever visibility it asks for.",
    )
    scan_gate = forms.BooleanField(
        required=False,
        label="High findings of the checks must be waived with a reason",
    )
    evals_required = forms.BooleanField(required=False, label="A version must have been evaluated on models")
    no_regression = forms.BooleanField(
        required=False,
        label="No regression against the approved version",
        help_text="Suspected ones wait for their automatic re-run.",
    )
    minimum_lift = forms.IntegerField(
        required=False,
        min_value=0,
        max_value=100,
        label="Least lift over no skill, in points",
        help_text="On every model of the evaluation. Leave it empty to ask for none.",
    )


class InviteForm(forms.Form):
    email = forms.EmailField(label="E-mail")
    role = forms.ChoiceField(choices=Role.choices)


class ServiceForm(forms.Form):
    handle = forms.CharField(max_length=40, help_text="For example finance-ci.")
    name = forms.CharField(max_length=80, required=False, label="What it is for")


class TokenForm(forms.Form):
    name = forms.CharField(max_length=80, help_text="Where it will be used, so that you can find it again.")
    scopes = forms.MultipleChoiceField(
        choices=Scope.choices, initial=[Scope.READ], widget=forms.CheckboxSelectMultiple
    )
    teams = forms.ModelMultipleChoiceField(
        Team.objects.none(),
        required=False,
        to_field_name="handle",
        widget=forms.CheckboxSelectMultiple,
        help_text="Choose none for all of your teams.",
    )
    days = forms.IntegerField(min_value=1, max_value=MOST_DAYS, initial=DAYS, label="Days until it expires")
    in_address = forms.BooleanField(
        required=False,
        label="For installers that send no header: it stands in the address",
        help_text="As /k/TOKEN/… for npx skills and OpenCode. Such a token may read only.",
    )

    def __init__(self, *args: Any, team_ids: list[int], service: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        teams, scopes = self.fields["teams"], self.fields["scopes"]
        assert isinstance(teams, forms.ModelMultipleChoiceField)
        assert isinstance(scopes, forms.MultipleChoiceField)
        teams.queryset = Team.objects.filter(pk__in=team_ids).order_by("handle")
        if service:
            del self.fields["teams"]
            scopes.choices = [choice for choice in Scope.choices if choice[0] in ("read", "publish")]


class ProfileForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Account
        fields = ("display_name",)


class NoticeForm(forms.Form):
    """Two check boxes for each kind of notice."""

    def __init__(self, *args: Any, chosen: dict[str, tuple[bool, bool]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for kind, label in Kind.choices:
            in_app, by_email = chosen.get(kind, (True, True))
            for place, initial in (("app", in_app), ("email", by_email)):
                self.fields[f"{kind}-{place}"] = forms.BooleanField(
                    required=False, initial=initial, label=f"{label}: {place}"
                )


class NameForm(forms.Form):
    name = forms.CharField(max_length=64, label="New name")


class TransferForm(forms.Form):
    to = forms.CharField(max_length=40, label="Handle of the other team")


class DeprecateForm(forms.Form):
    note = forms.CharField(max_length=500, label="Why, and what to do instead")
    successor = forms.CharField(required=False, max_length=110, label="Successor", help_text="As team/name.")
