"""Forms of the portfolio: providers, models, prices, and a team's choice."""

from collections.abc import Collection, Iterable
from typing import Any

from django import forms
from django.http import QueryDict

from skills.portfolio.kinds import kind_choices
from skills.portfolio.models import PortfolioModel
from skills.portfolio.price_lists import LongPrice
from skills.portfolio.selectors import judges
from skills.web.forms.dollars import DollarsField

OPTIONS = ("region", "project", "api_version")  # of a provider, see `ProviderKind.options`


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
        max_length=5000,
        label="Key",
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text="Kept encrypted and never shown again. Leave it empty to keep the one that is there. "
        "Bedrock: ACCESS KEY ID:SECRET ACCESS KEY. Vertex: the JSON of a service account.",
    )
    region = forms.CharField(required=False, max_length=63, help_text="Bedrock and Vertex, e.g. eu-central-1")
    project = forms.CharField(required=False, max_length=63, help_text="Vertex")
    api_version = forms.CharField(
        required=False, max_length=63, label="Version of the interface", help_text="Azure OpenAI"
    )
    enabled = forms.BooleanField(required=False, initial=True, label="In use")

    def facts(self) -> dict[str, Any]:
        """What `configure.save_provider` takes."""
        facts = dict(self.cleaned_data)
        options = {name: facts.pop(name) for name in OPTIONS}
        return facts | {"options": {name: value for name, value in options.items() if value}}


class ListedModelsForm(forms.Form):
    """Models that a provider listed, to be ticked."""

    models = forms.MultipleChoiceField(widget=forms.CheckboxSelectMultiple, label="Tick what teams may use")

    def __init__(self, names: Iterable[str]) -> None:
        super().__init__()
        choice = self.fields["models"]
        assert isinstance(choice, forms.MultipleChoiceField)
        choice.choices = [(name, name) for name in names]


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
    is_default_judge = forms.BooleanField(
        required=False,
        label="Judges for every team that has chosen no judge",
        help_text="One model does. Another judge makes earlier results without the skill unusable.",
    )
    enabled = forms.BooleanField(required=False, initial=True, label="In use")


class PriceForm(forms.Form):
    """Dollars per million tokens, as price lists say it."""

    input = DollarsField(max_digits=12, label="Input, US dollars per million tokens")
    cached = DollarsField(max_digits=12, label="Cached input")
    output = DollarsField(max_digits=12, label="Output")
    written = DollarsField(
        max_digits=12,
        required=False,
        label="Written to the cache",
        help_text="Empty where it costs what input does.",
    )
    long_above = forms.IntegerField(
        required=False,
        min_value=1,
        max_value=100_000_000,
        label="Long input, from how many tokens",
        help_text="Empty where calls of every length cost the same.",
    )
    long_input = DollarsField(max_digits=12, required=False, label="Input of long calls")
    long_cached = DollarsField(max_digits=12, required=False, label="Cached input of long calls")
    long_output = DollarsField(max_digits=12, required=False, label="Output of long calls")
    source = forms.CharField(max_length=120, help_text="Where the price stands.")

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or {}
        long = [facts.get(f"long_{name}") for name in ("above", "input", "cached", "output")]
        if any(value is not None for value in long) and None in long:
            raise forms.ValidationError(
                "Long input needs its number of tokens and all three prices, or none."
            )
        return facts

    @property
    def long_price(self) -> LongPrice | None:
        facts = self.cleaned_data
        if facts["long_above"] is None:
            return None
        return LongPrice(
            above=facts["long_above"],
            input=facts["long_input"],
            cached=facts["long_cached"],
            output=facts["long_output"],
        )


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
        empty_label="The judge of the instance",
    )

    def __init__(self, data: QueryDict | None, *, initial: dict[str, object]) -> None:
        super().__init__(data, initial=initial)
        rows = PortfolioModel.objects.filter(enabled=True, provider__enabled=True).order_by("label")
        for name, queryset in (("models", rows), ("judge", judges())):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = queryset


class AliasForm(forms.Form):
    """A name of the team's own, and the models that answer to it in this order."""

    name = forms.CharField(max_length=40, help_text="As agents ask for it: fast, best.")
    first = forms.ModelChoiceField(
        PortfolioModel.objects.none(), label="Answers", empty_label="Choose a model"
    )
    second = forms.ModelChoiceField(
        PortfolioModel.objects.none(),
        required=False,
        label="Where that is away",
        empty_label="Nobody",
        help_text="Only models of the same protocol stand in for each other.",
    )
    third = forms.ModelChoiceField(
        PortfolioModel.objects.none(),
        required=False,
        label="Where both are away",
        empty_label="Nobody",
    )

    def __init__(self, data: QueryDict | None, *, offered: Collection[PortfolioModel]) -> None:
        super().__init__(data)
        rows = PortfolioModel.objects.filter(pk__in=[model.pk for model in offered]).order_by("label")
        for name in ("first", "second", "third"):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = rows

    @property
    def models(self) -> list[PortfolioModel]:
        facts = self.cleaned_data
        return [facts[name] for name in ("first", "second", "third") if facts[name]]
