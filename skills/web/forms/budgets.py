"""Forms of a budget: limits, grants, corrections."""

from django import forms

from skills.budgets.models import Window
from skills.web.forms.dollars import DollarsField


class LimitsForm(forms.Form):
    window = forms.ChoiceField(choices=Window.choices, label="Period")
    limit_tokens = forms.IntegerField(
        required=False, min_value=0, max_value=10**15, label="Most tokens", help_text="Empty for no limit."
    )
    limit_dollars = DollarsField(
        required=False, max_value=10**9, label="Most US dollars", help_text="Empty for no limit."
    )
    soft_percent = forms.IntegerField(min_value=1, max_value=100, label="Tell people at, in per cent")
    hard = forms.BooleanField(
        required=False, label="Stop at the limit", help_text="Otherwise the limit only warns."
    )


class GrantForm(forms.Form):
    tokens = forms.IntegerField(required=False, min_value=0, max_value=10**15, initial=0)
    dollars = DollarsField(required=False, max_value=10**9, initial=0, label="US dollars")
    note = forms.CharField(max_length=300, label="Why")
