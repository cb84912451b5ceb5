"""The form that reports a skill."""

from django import forms

from skills.curation.models import ReportReason


class ReportForm(forms.Form):
    reason = forms.ChoiceField(choices=ReportReason.choices)
    text = forms.CharField(
        label="What did you see?", max_length=2000, widget=forms.Textarea(attrs={"rows": 5})
    )
