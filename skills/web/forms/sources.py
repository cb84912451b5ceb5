"""Forms about sources."""

import re
from typing import Any

from django import forms

from skills.catalog.models import Visibility
from skills.sources.configure import SourceFacts
from skills.sources.models import Source, SourceKind
from skills.sources.schedule import INTERVALS

_PLACE = ("kind", "url", "ref", "folder")
_REST = ("minutes", "visibility", "approves")


class SourceForm(forms.Form):
    kind = forms.ChoiceField(choices=SourceKind.choices, label="What is there")
    url = forms.CharField(
        max_length=500, label="Address", help_text="For example https://github.com/acme/skills.git"
    )
    ref = forms.CharField(
        max_length=200,
        required=False,
        label="Branch or tag",
        help_text="Of a Git repository; empty for its default branch.",
    )
    folder = forms.CharField(
        max_length=300,
        required=False,
        help_text="Of a Git repository; empty for all of it.",
    )
    names = forms.CharField(
        required=False,
        max_length=20_000,
        label="Names of skills",
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Of a registry, one a line: owner/slug or slug.",
    )
    token = forms.CharField(
        required=False,
        max_length=1000,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text="A deploy token that may read. Kept encrypted and never shown again.",
    )
    minutes = forms.TypedChoiceField(
        choices=list(INTERVALS.items()), coerce=int, initial=1440, label="Read it"
    )
    visibility = forms.ChoiceField(
        choices=Visibility.choices,
        initial=Visibility.TEAM,
        label="Who shall read its skills",
        help_text="Asked for with each version; a reviewer decides.",
    )
    approves = forms.BooleanField(
        required=False,
        label="Approve what it brings at once",
        help_text="Only where the policy of the team lets sources, and no gate objects.",
    )

    @property
    def facts(self) -> SourceFacts:
        cleaned: dict[str, Any] = self.cleaned_data
        # Each once, in the order that was typed.
        names = dict.fromkeys(filter(None, re.split(r"[\s,]+", cleaned["names"])))
        return SourceFacts(names=tuple(names), **{name: cleaned[name] for name in (*_PLACE, *_REST)})


class ChangeSourceForm(SourceForm):
    """The same for one that is there, whose token stays when nothing is typed."""

    forget_token = forms.BooleanField(required=False, label="Forget the token that is kept")
    field_order = ("kind", "url", "ref", "folder", "names", "token", "forget_token")

    @classmethod
    def initial_of(cls, source: Source) -> dict[str, object]:
        facts = {name: getattr(source, name) for name in (*_PLACE, *_REST)}
        return facts | {"names": "\n".join(source.names)}

    @property
    def new_token(self) -> str | None:
        """None keeps the token that is there, "" forgets it."""
        if self.cleaned_data["forget_token"]:
            return ""
        return self.cleaned_data["token"] or None
