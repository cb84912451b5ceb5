"""Forms of evaluations: the launcher and hidden cases."""

from collections.abc import Sequence

from django import forms
from django.http import QueryDict

from skills.portfolio.models import PortfolioModel
from skills.portfolio.selectors import chosen_by_default


class LaunchForm(forms.Form):
    models = forms.TypedMultipleChoiceField(coerce=int, widget=forms.CheckboxSelectMultiple, required=False)
    repeats = forms.IntegerField(
        min_value=1,
        max_value=10,
        help_text="As the policy of the team asks for. More cases tell more than more repeats.",
    )

    def __init__(self, data: QueryDict | None, *, models: Sequence[PortfolioModel], repeats: int) -> None:
        super().__init__(data)
        self.fields["repeats"].initial = repeats
        choice = self.fields["models"]
        assert isinstance(choice, forms.TypedMultipleChoiceField)
        choice.choices = [(model.pk, _named(model)) for model in models]
        choice.initial = [model.pk for model in chosen_by_default(models)]


def _named(model: PortfolioModel) -> str:
    if model.provider.is_scripted:
        return f"{model.label} (script, for a demonstration)"
    return f"{model.label} (did not answer its last test)" if model.failed_its_test else model.label


class HiddenCaseForm(forms.Form):
    name = forms.CharField(max_length=50)
    prompt = forms.CharField(max_length=20_000, widget=forms.Textarea(attrs={"rows": 4}))
    lines = forms.CharField(
        label="Assertions, one a line",
        max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="A judge reads each line. "
        "A line such as “contains: refund” or “regex: \\d+ EUR” is checked exactly.",
    )
