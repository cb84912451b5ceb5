"""Forms of the publish pages."""

from django import forms
from django.http import QueryDict

from skills.catalog.models import Visibility
from skills.people.models import Team

TEMPLATE = """---
name: my-skill
description: What it does, in one sentence. Use when somebody asks for it.
license: Apache-2.0
metadata:
  tags: example
---

# What to do

1. Say the first step.
"""


class WriteForm(forms.Form):
    skill_md = forms.CharField(
        label="SKILL.md",
        initial=TEMPLATE,
        widget=forms.Textarea(attrs={"rows": 18, "class": "mono", "spellcheck": "false"}),
        strip=False,
    )


class PackForm(forms.Form):
    """What is said of every skill of a pack."""

    team = forms.ModelChoiceField(Team.objects.none(), to_field_name="handle", empty_label=None)
    visibility = forms.ChoiceField(
        choices=Visibility.choices,
        initial=Visibility.TEAM,
        help_text="Anything wider than the team takes effect when another reviewer approves.",
    )
    changelog = forms.CharField(
        label="What changed",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Reviewers and followers read this.",
    )

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        team_ids: list[int],
        initial: dict[str, object] | None = None,
    ) -> None:
        super().__init__(data, initial=initial)
        teams = Team.objects.filter(pk__in=team_ids).order_by("personal_of", "handle")
        choice = self.fields["team"]
        assert isinstance(choice, forms.ModelChoiceField)
        choice.queryset = teams


class SubmitForm(PackForm):
    number = forms.CharField(
        label="Version", max_length=80, help_text="Three numbers, for example 1.2.0 or 2.0.0-beta.1."
    )
    field_order = ("team", "number", "visibility", "changelog")
