"""Forms about teams: name, policy, members, service accounts."""

from django import forms

from skills.people.models import Role


class TeamForm(forms.Form):
    name = forms.CharField(max_length=80)
    description = forms.CharField(required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 3}))


class NewTeamForm(TeamForm):
    handle = forms.CharField(
        max_length=40, help_text="In every address of the team's skills; it cannot be changed later."
    )
    ask_staff = forms.BooleanField(
        required=False, label="Should it be near to another team's name, ask staff to allow it"
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
    approve_synced = forms.BooleanField(
        required=False,
        label="Sources may approve what they bring, where no gate objects",
        help_text="Only sources that are set to; such a version reaches the team only.",
    )


class InviteForm(forms.Form):
    email = forms.EmailField(label="E-mail")
    role = forms.ChoiceField(choices=Role.choices)


class ServiceForm(forms.Form):
    handle = forms.CharField(max_length=40, help_text="For example finance-ci.")
    name = forms.CharField(max_length=80, required=False, label="What it is for")
