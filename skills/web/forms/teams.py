"""Forms about teams: name, policy, members, service accounts."""

from collections.abc import Iterable

from django import forms
from django.http import QueryDict

from skills.people.models import MOST_MARGIN, MOST_REPEATS, MOST_STANDARD_CASES, Policy, Role


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
    standard_cases = forms.IntegerField(
        required=False,
        min_value=1,
        max_value=MOST_STANDARD_CASES,
        label="Cases an evaluation needs",
        help_text="Hidden ones count. Below 5 no interval can be given, so no lift is proven.",
    )
    standard_repeats = forms.IntegerField(
        required=False, min_value=1, max_value=MOST_REPEATS, label="Repeats of each case"
    )
    standard_models = forms.MultipleChoiceField(
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label="Models an evaluation needs",
        help_text="None ticked: every model that the team evaluates on.",
    )
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
        help_text="On every model, at the lower end of its interval. Leave it empty to ask for none.",
    )
    discerning_cases = forms.BooleanField(
        required=False, label="Every case has an assertion that the model fails without the skill"
    )
    inferiority_margin = forms.IntegerField(
        required=False,
        min_value=1,
        max_value=MOST_MARGIN,
        label="Margin of “as good as”, in points",
        help_text="How much worse a cheaper model may be and still be called as good.",
    )
    approve_synced = forms.BooleanField(
        required=False,
        label="Sources may approve what they bring, where no gate objects",
        help_text="Only sources that are set to; such a version reaches the team only.",
    )

    def __init__(self, data: QueryDict | None, *, initial: dict[str, object], labels: Iterable[str]) -> None:
        """LABELS of the models that a standard plan may name."""
        super().__init__(data, initial=initial)
        models = self.fields["standard_models"]
        assert isinstance(models, forms.MultipleChoiceField)
        models.choices = [(label, label) for label in labels]
        if not models.choices:
            models.help_text = "There is none but scripts, which prove nothing: staff can connect one."

    def clean(self) -> dict[str, object]:
        """A number that was left out is the usual one."""
        values = super().clean() or {}
        usual = Policy()
        for name in ("standard_cases", "standard_repeats", "inferiority_margin"):
            if values.get(name) is None:
                values[name] = getattr(usual, name)
        return values


class InviteForm(forms.Form):
    email = forms.EmailField(label="E-mail")
    role = forms.ChoiceField(choices=Role.choices)


class ServiceForm(forms.Form):
    handle = forms.CharField(max_length=40, help_text="For example finance-ci.")
    name = forms.CharField(max_length=80, required=False, label="What it is for")
