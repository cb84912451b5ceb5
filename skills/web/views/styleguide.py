"""The style guide: every component, live."""

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from skills.http.actors import HubRequest
from skills.scans.checks.contract import Severity
from skills.web.badges import VERDICTS


class ExampleForm(forms.Form):
    """A field of each kind."""

    title = forms.CharField(max_length=60)
    reason = forms.CharField(required=False, help_text="Everybody can read it.", widget=forms.Textarea)
    kind = forms.ChoiceField(choices=[("one", "One"), ("two", "Two")], widget=forms.RadioSelect)
    agreed = forms.BooleanField(label="I have looked at it")


@require_GET
def styleguide(request: HubRequest) -> HttpResponse:
    """One page with every component in every state."""
    context = {"form": ExampleForm(), "verdicts": VERDICTS, "severities": list(Severity)}
    return render(request, "docs/styleguide.html", context)
