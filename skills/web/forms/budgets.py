"""Forms of a budget: limits, grants, corrections."""

from collections.abc import Mapping
from typing import Any

from django import forms

from skills.budgets.models import Window
from skills.budgets.terms import MOST, Terms, time_zones
from skills.lib import whole_numbers
from skills.web.forms.dollars import DollarsField, in_dollars


class MarksField(forms.CharField):
    """Percentages with commas between them; the cleaned value is a tuple of whole numbers."""

    def clean(self, value: object) -> tuple[int, ...]:
        words = [word.strip(" %") for word in super().clean(value).split(",") if word.strip()]
        marks = [whole_numbers.from_text(word, 0, least=1, most=100) for word in words]
        if not all(marks):
            raise forms.ValidationError("Write whole numbers from 1 to 100 with commas between them.")
        return tuple(marks)


class LimitsForm(forms.Form):
    limit_tokens = forms.IntegerField(
        required=False, min_value=0, max_value=MOST, label="Most tokens", help_text="Empty for no limit."
    )
    limit_dollars = DollarsField(
        required=False, max_value=10**9, label="Most US dollars", help_text="Empty for no limit."
    )
    window = forms.ChoiceField(choices=Window.choices, label="Period")
    starts_on = forms.IntegerField(
        required=False,
        min_value=1,
        max_value=28,
        initial=1,
        label="First day",
        help_text="Of a week 1 for Monday to 7, of a month 1 to 28.",
    )
    time_zone = forms.CharField(
        required=False,
        max_length=60,
        initial="UTC",
        label="Time zone",
        help_text="Periods begin at midnight there, as UTC or Europe/Zurich.",
    )
    marks = MarksField(
        required=False,
        max_length=60,
        initial="50, 80, 100",
        label="Tell people at, in per cent",
        help_text="With commas between them; empty to tell nobody.",
    )
    hard = forms.BooleanField(
        required=False, label="Stop at the limit", help_text="Otherwise the limit only warns."
    )

    def clean_time_zone(self) -> str:
        name: str = self.cleaned_data["time_zone"] or "UTC"
        if name not in time_zones():
            raise forms.ValidationError("There is no such time zone.")
        return name


class GrantForm(forms.Form):
    tokens = forms.IntegerField(required=False, min_value=0, max_value=MOST, initial=0)
    dollars = DollarsField(required=False, max_value=10**9, initial=0, label="US dollars")
    expires_at = forms.DateTimeField(
        required=False,
        label="Until",
        help_text="In UTC, as 2030-12-31 18:00; empty for the end of the period.",
        widget=forms.DateTimeInput(attrs={"placeholder": "YYYY-MM-DD HH:MM"}),
    )
    note = forms.CharField(max_length=300, label="Why")


def terms_in_form(cleaned: Mapping[str, Any]) -> Terms:
    """What a valid LimitsForm says."""
    return Terms(
        window=cleaned["window"],
        time_zone=cleaned["time_zone"],
        # The first day means nothing for days, and for what lasts for ever.
        starts_on=(cleaned["starts_on"] or 1) if cleaned["window"] in (Window.WEEK, Window.MONTH) else 1,
        limit_tokens=cleaned["limit_tokens"],
        limit_micros=cleaned["limit_dollars"],
        marks=cleaned["marks"],
        hard=cleaned["hard"],
    )


def limits_in_form(terms: Terms) -> dict[str, object]:
    """What a LimitsForm shows for TERMS."""
    return {
        "window": terms.window,
        "starts_on": terms.starts_on,
        "time_zone": terms.time_zone,
        "limit_tokens": terms.limit_tokens,
        "limit_dollars": in_dollars(terms.limit_micros),
        "marks": ", ".join(map(str, terms.marks)),
        "hard": terms.hard,
    }


class BudgetWebhookForm(forms.Form):
    address = forms.CharField(
        max_length=300,
        label="Address",
        widget=forms.URLInput,
        help_text="A public address, as https://chat.example/hooks/budgets.",
    )
