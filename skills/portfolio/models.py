"""The portfolio: providers, their models, what these cost, and which of them a team uses."""

from decimal import Decimal
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from skills.lib.clock import now
from skills.people.models import Team
from skills.portfolio.kinds import KINDS
from skills.portfolio.price_lists import PriceList, Rates, Service, flat

NO_MODEL_YET = "Add a model first."  # the problem of a provider that cannot be asked without one
# For the rows of the release before this one, which runs beside it during an upgrade.
_NOTHING = models.Value({}, output_field=models.JSONField())


class Provider(models.Model):
    """Where models are called. The key is encrypted and is read by evaluation worker and gateway alone."""

    name = models.CharField(max_length=60, unique=True)
    # A code of KINDS. Acts check it, not the column's choices: a new kind needs no migration.
    kind = models.CharField(max_length=20)
    base_url = models.URLField(blank=True, max_length=300)
    secret = models.BinaryField(null=True, blank=True)
    enabled = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=now)
    # What the kind asks for beside address and key: region, project, version of the interface.
    options: "models.JSONField[dict[str, str], dict[str, str]]" = models.JSONField(
        default=dict, blank=True, db_default=_NOTHING
    )
    problem = models.CharField(max_length=500, blank=True)
    tested_at = models.DateTimeField(null=True, blank=True)
    # The names of its models, as it said when it was asked last; None until then.
    listed: "models.JSONField[list[str] | None, list[str] | None]" = models.JSONField(null=True, blank=True)
    listing_problem = models.CharField(max_length=500, blank=True, default="", db_default="")
    listed_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name

    @property
    def has_secret(self) -> bool:
        return bool(self.secret)

    @property
    def kind_label(self) -> str:
        return KINDS[self.kind].label

    @property
    def is_scripted(self) -> bool:
        return KINDS[self.kind].is_scripted


class Price(models.Model):
    """What a model costs in micros per million tokens. Rows are added and approved, never changed.

    The three columns are the base tier, for lists; `price_list` is what calls cost.
    """

    kind = models.CharField(max_length=20)
    model = models.CharField(max_length=120)
    input_micros = models.PositiveBigIntegerField()
    cached_micros = models.PositiveBigIntegerField()
    output_micros = models.PositiveBigIntegerField()
    # PriceList.to_json; None is one price at any length, as in rows of earlier releases.
    tariffs: "models.JSONField[list[dict[str, Any]] | None, list[dict[str, Any]] | None]" = models.JSONField(
        null=True, blank=True
    )
    source = models.CharField(max_length=120)
    created_at = models.DateTimeField(default=now)
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        indexes: ClassVar = [models.Index(fields=["kind", "model", "-id"], name="price_of_model")]

    def __str__(self) -> str:
        return f"{self.model}: {self.input_micros}/{self.output_micros}"

    @classmethod
    def of_list(cls, prices: PriceList, *, kind: str, model: str, source: str) -> "Price":
        """A new row, which nobody has approved yet."""
        base = prices.tariffs[0].rates[0]
        return cls.objects.create(
            kind=kind,
            model=model,
            input_micros=round(base.input),
            cached_micros=round(base.cached),
            output_micros=round(base.output),
            tariffs=prices.to_json(),
            source=source[:120],
        )

    @property
    def price_list(self) -> PriceList:
        if self.tariffs:
            return PriceList.from_json(self.tariffs)
        return flat(self.input_micros, self.cached_micros, self.output_micros)

    @property
    def written_micros(self) -> Decimal:
        """What writing to the cache costs in the base tier."""
        return self.price_list.tariffs[0].rates[0].written

    @property
    def long_rates(self) -> tuple[Rates, ...]:
        """The tiers of long inputs, for lists."""
        return self.price_list.tariffs[0].rates[1:]

    @property
    def services(self) -> list[str]:
        """The services with a price of their own, in words."""
        services = {tariff.service for tariff in self.price_list.tariffs}
        return sorted(services - {Service.STANDARD})

    @property
    def changes(self) -> bool:
        """Whether it costs something else on another day or at another hour."""
        return any(tariff.since or tariff.hours for tariff in self.price_list.tariffs)


class PortfolioModel(models.Model):
    """One model to evaluate on, with what it is called and how it is asked."""

    provider = models.ForeignKey(Provider, on_delete=models.PROTECT, related_name="models")
    name = models.CharField(max_length=120)
    label = models.CharField(max_length=60, unique=True)
    max_output_tokens = models.PositiveIntegerField(default=2048)
    temperature = models.FloatField(null=True, blank=True)
    parameters = models.JSONField(default=dict, blank=True)
    connections = models.PositiveSmallIntegerField(default=8)
    can_judge = models.BooleanField(default=False)
    # For teams that have chosen no judge of their own; staff decide, or a name would.
    is_default_judge = models.BooleanField(default=False, db_default=False)
    enabled = models.BooleanField(default=True)
    blocked = models.CharField(max_length=300, blank=True)
    # How its last test went: what was wrong, "" when it answered; no moment when it was never tested.
    problem = models.CharField(max_length=500, blank=True, default="", db_default="")
    tested_at = models.DateTimeField(null=True, blank=True)
    price = models.ForeignKey(Price, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["provider", "name"], name="one_model_per_name"),
            models.UniqueConstraint(
                fields=["is_default_judge"], condition=Q(is_default_judge=True), name="one_default_judge"
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def failed_its_test(self) -> bool:
        """Whether the last test found it not answering; one that was never tested is as its provider."""
        if self.tested_at is not None:
            return bool(self.problem)
        return self.provider.problem not in ("", NO_MODEL_YET)


class ModelAlias(models.Model):
    """A name of a team's own for models, as `fast`: the first of them that can answers to it."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=40)
    model_ids = ArrayField(models.BigIntegerField())  # in the order in which they are asked

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["team", "name"], name="one_alias_of_a_name")]

    def __str__(self) -> str:
        return f"{self.name} of {self.team}"


class Portfolio(models.Model):
    """The models one team evaluates on; a team without a row uses all that are enabled."""

    team = models.OneToOneField(Team, on_delete=models.CASCADE, related_name="portfolio")
    chosen = models.ManyToManyField(PortfolioModel, blank=True, related_name="+")
    judge = models.ForeignKey(
        PortfolioModel, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    def __str__(self) -> str:
        return f"portfolio of {self.team}"
