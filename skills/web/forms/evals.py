"""Forms of evaluations, budgets and the portfolio."""

from collections.abc import Sequence
from typing import Any

from django import forms

from skills.budgets.models import Window
from skills.portfolio.kinds import kind_choices
from skills.portfolio.models import PortfolioModel


class LaunchForm(forms.Form):
    models = forms.TypedMultipleChoiceField(coerce=int, widget=forms.CheckboxSelectMultiple, required=False)
    repeats = forms.IntegerField(
        min_value=1,
        max_value=10,
        initial=3,
        help_text="3 as a rule, 5 for a release. More cases tell more than more repeats.",
    )

    def __init__(self, *args: Any, models: Sequence[PortfolioModel], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields["models"]
        assert isinstance(choice, forms.TypedMultipleChoiceField)
        choice.choices = [(model.pk, model.label) for model in models]
        choice.initial = [model.pk for model in models]


class HiddenCaseForm(forms.Form):
    name = forms.CharField(max_length=50)
    prompt = forms.CharField(max_length=20_000, widget=forms.Textarea(attrs={"rows": 4}))
    lines = forms.CharField(
        label="Assertions, one a line",
        max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="A judge reads each line. A line such as “contains: refund” or “regex: \\d+ EUR” is checked exactly.",
    )


class ProviderForm(forms.Form):
    name = forms.CharField(max_length=60)
    kind = forms.ChoiceField(choices=kind_choices)
    base_url = forms.CharField(
        required=False,
        max_length=300,
        label="Address",
        help_text="Empty for the provider's own. Local servers: http://127.0.0.1:11434/v1",
    )
    secret = forms.CharField(
        required=False,
        max_length=500,
        label="Key",
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text="Kept encrypted and never shown again. Leave it empty to keep the one that is there.",
    )
    enabled = forms.BooleanField(required=False, initial=True, label="In use")


class ModelForm(forms.Form):
    name = forms.CharField(max_length=120, help_text="What the provider calls it; prefer a pinned snapshot.")
    label = forms.CharField(max_length=60, help_text="What your people call it.")
    max_output_tokens = forms.IntegerField(
        min_value=16, max_value=200_000, initial=2048, label="Most output tokens of a call"
    )
    temperature = forms.FloatField(required=False, min_value=0, max_value=2)
    parameters = forms.CharField(
        required=False,
        max_length=2000,
        label="Other parameters",
        help_text='As JSON, for example {"seed": 7}',
    )
    connections = forms.IntegerField(min_value=1, max_value=64, initial=8, label="Calls at a time")
    can_judge = forms.BooleanField(required=False, label="May judge")
    enabled = forms.BooleanField(required=False, initial=True, label="In use")


class PriceForm(forms.Form):
    """Dollars per million tokens, as price lists say it."""

    given = forms.DecimalField(
        min_value=0, max_digits=12, decimal_places=6, label="Input, $ per million tokens"
    )
    cached = forms.DecimalField(min_value=0, max_digits=12, decimal_places=6, label="Cached input")
    made = forms.DecimalField(min_value=0, max_digits=12, decimal_places=6, label="Output")
    source = forms.CharField(max_length=120, help_text="Where the price stands.")


class PortfolioForm(forms.Form):
    models = forms.ModelMultipleChoiceField(
        PortfolioModel.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="None means every model in use.",
    )
    judge = forms.ModelChoiceField(
        PortfolioModel.objects.none(),
        required=False,
        empty_label="The first that may judge",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = PortfolioModel.objects.filter(enabled=True, provider__enabled=True).order_by("label")
        for name, queryset in (("models", rows), ("judge", rows.filter(can_judge=True))):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = queryset


class LimitsForm(forms.Form):
    window = forms.ChoiceField(choices=Window.choices, label="Period")
    limit_tokens = forms.IntegerField(
        required=False, min_value=0, max_value=10**15, label="Most tokens", help_text="Empty for no limit."
    )
    limit_dollars = forms.DecimalField(
        required=False,
        min_value=0,
        max_value=10**9,
        decimal_places=6,
        label="Most dollars",
        help_text="Empty for no limit.",
    )
    soft_percent = forms.IntegerField(min_value=1, max_value=100, label="Tell people at, in per cent")
    hard = forms.BooleanField(
        required=False, label="Stop at the limit", help_text="Otherwise the limit only warns."
    )


class GrantForm(forms.Form):
    tokens = forms.IntegerField(required=False, min_value=0, max_value=10**15, initial=0)
    dollars = forms.DecimalField(required=False, min_value=0, max_value=10**9, decimal_places=6, initial=0)
    note = forms.CharField(max_length=300, label="Why")
