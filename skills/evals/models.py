"""Runs with their trials, cases that are kept hidden, and what people said about the judge."""

from collections.abc import Sequence
from typing import Any, ClassVar, TypedDict

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from skills.catalog.models import Skill, Upload, Version
from skills.lib.clock import now
from skills.people.models import MOST_REPEATS, Team
from skills.portfolio.kinds import SCRIPTED
from skills.portfolio.models import PortfolioModel
from skills.verdicts.arms import Arm
from skills.verdicts.outcomes import COUNTED, Outcome
from skills.verdicts.records import CaseRecord, GradeRecord, ModelRecord
from skills.verdicts.shapes import EvaluationReport


class HiddenCase(models.Model):
    """A case that reviewers keep outside the bundle, so that nobody writes the skill to the test."""

    skill = models.ForeignKey(Skill, on_delete=models.CASCADE, related_name="hidden_cases")
    name = models.CharField(max_length=60)
    prompt = models.TextField(max_length=20_000)
    assertions = models.JSONField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["skill", "name"], name="one_hidden_case_per_name")
        ]

    def __str__(self) -> str:
        return self.name


class CaseWaiver(models.Model):
    """A reviewer's reason why a skill may drop a case that an approved version has."""

    skill = models.ForeignKey(Skill, on_delete=models.CASCADE, related_name="case_waivers")
    case = models.CharField(max_length=64)  # its key, so that the same case under another name is waived too
    label = models.CharField(max_length=200)
    reason = models.CharField(max_length=500)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["skill", "case"], name="one_waiver_per_case")
        ]

    def __str__(self) -> str:
        return self.label


# Django's fields take no parameters when the program runs, only when it is checked.
class ArmField(models.CharField):  # type: ignore[type-arg]
    """A column of text whose values are read as Arm."""

    def from_db_value(self, value: str | None, _expression: object, _connection: object) -> Arm | None:
        return None if value is None else Arm(value)

    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        # To the database it is plain text, and a migration must not depend on where this class lives.
        name, _, arguments, keywords = super().deconstruct()
        return name, "django.db.models.CharField", arguments, keywords


class RunState(models.TextChoices):
    QUEUED = "queued", "Waiting"
    RUNNING = "running", "Running"
    DONE = "done", "Finished"
    CANCELLED = "cancelled", "Cancelled"
    OUT_OF_BUDGET = "out_of_budget", "Out of budget"
    FAILED = "failed", "Failed"


ENDED = (RunState.DONE, RunState.CANCELLED, RunState.OUT_OF_BUDGET, RunState.FAILED)


class Purpose(models.TextChoices):
    EVALUATE = "evaluate", "Evaluation"
    REGRESSION = "regression", "Re-run of suspected regressions"
    RECHECK = "recheck", "Fresh repeats of one case"


class Run(models.Model):
    """One execution of a plan. What it ran on (cases, models, judge) is kept as it was."""

    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="runs")
    skill = models.ForeignKey(Skill, null=True, blank=True, on_delete=models.PROTECT, related_name="runs")
    version = models.ForeignKey(Version, null=True, blank=True, on_delete=models.PROTECT, related_name="runs")
    previous = models.ForeignKey(Version, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    upload = models.ForeignKey(Upload, null=True, blank=True, on_delete=models.SET_NULL, related_name="runs")
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="reruns")
    name = models.CharField(max_length=64)
    digest = models.CharField(max_length=71)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="runs")
    purpose = models.CharField(max_length=12, choices=Purpose, default=Purpose.EVALUATE)
    state = models.CharField(max_length=15, choices=RunState, default=RunState.QUEUED)
    arms: "ArrayField[list[Arm], list[Arm]]" = ArrayField(ArmField(max_length=10))
    repeats = models.PositiveSmallIntegerField()
    cases: "models.JSONField[list[CaseRecord], list[CaseRecord]]" = models.JSONField()
    portfolio: "models.JSONField[list[ModelRecord], list[ModelRecord]]" = models.JSONField()
    judge: "models.JSONField[ModelRecord | None, ModelRecord | None]" = models.JSONField(
        null=True, blank=True
    )
    only = models.JSONField(null=True, blank=True)
    total = models.PositiveIntegerField()
    worst_tokens = models.PositiveBigIntegerField()
    fingerprint = models.CharField(max_length=64)
    worker = models.CharField(max_length=40, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    sandbox = models.CharField(max_length=10, blank=True)
    left_out = models.JSONField(default=list)
    problem = models.CharField(max_length=500, blank=True)
    report = models.JSONField(null=True, blank=True)
    # Of this and every other evaluation of the same bytes; null where it would say what `report` says.
    pooled_report = models.JSONField(null=True, blank=True)
    webhook = models.URLField(blank=True, max_length=300)
    cancel_asked_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=now)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=RunState.values), name="run_state_is_known"),
            models.CheckConstraint(
                # A re-run of suspected regressions goes on until it knows.
                condition=Q(repeats__gte=1) & (Q(repeats__lte=MOST_REPEATS) | Q(purpose="regression")),
                name="one_to_ten_repeats",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["skill", "-id"], name="run_of_skill"),
            models.Index(fields=["version", "-id"], name="run_of_version"),
            models.Index(fields=["skill", "digest", "-id"], name="run_of_bytes"),
            models.Index(fields=["team", "state"], name="run_of_team"),
            # Whose turn it is: the few runs that are open among all that ever were, and who was served when.
            models.Index(fields=["id"], condition=Q(state__in=["queued", "running"]), name="run_open"),
            models.Index(fields=["team", "-started_at"], name="run_served"),
        ]

    def __str__(self) -> str:
        return f"run {self.pk} of {self.name}"

    def get_absolute_url(self) -> str:
        return f"/runs/{self.pk}/"

    @property
    def has_ended(self) -> bool:
        return self.state in ENDED

    @property
    def evaluation(self) -> EvaluationReport | None:
        """The report as a value; None until it is written."""
        return EvaluationReport.from_json(self.report) if self.report else None

    @property
    def counted(self) -> EvaluationReport | None:
        """What all evaluations of these bytes show together, as far as this one knows of them."""
        return EvaluationReport.from_json(self.pooled_report) if self.pooled_report else self.evaluation

    @property
    def scripted_labels(self) -> list[str]:
        """The models whose answers came from a script."""
        return [model["label"] for model in self.portfolio if model["kind"] == SCRIPTED.code]

    @property
    def is_judged_by_script(self) -> bool:
        return self.judge is not None and self.judge["kind"] == SCRIPTED.code

    @property
    def is_scripted(self) -> bool:
        """Whether any answer or grade came from a script instead of a model: then it proves nothing."""
        return bool(self.scripted_labels) or self.is_judged_by_script

    @property
    def is_demonstration(self) -> bool:
        """Whether no model was asked at all. Earlier releases let scripts join models and judge them."""
        return len(self.scripted_labels) == len(self.portfolio)


OUTCOMES = [(outcome.value, outcome.label) for outcome in Outcome]


class Trial(models.Model):
    """One case × arm × model × repeat that came to an end, with the grade of each assertion."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="trials")
    case = models.CharField(max_length=64)
    arm: "models.CharField[Arm, Arm]" = ArmField(max_length=10)
    model = models.ForeignKey(PortfolioModel, on_delete=models.PROTECT, related_name="+")
    repeat = models.PositiveSmallIntegerField()
    outcome = models.CharField(max_length=20, choices=OUTCOMES)
    # A Failure as text: the limit that was met, or why there is no grade. Empty in earlier releases.
    cause = models.CharField(max_length=40, blank=True, default="", db_default="")
    passed = models.BooleanField(default=False)
    grades: "models.JSONField[list[GradeRecord], list[GradeRecord]]" = models.JSONField(default=list)
    invoked = models.BooleanField(default=False)
    output = models.TextField(blank=True)
    problem = models.CharField(max_length=500, blank=True)
    input_tokens = models.PositiveBigIntegerField(default=0)
    output_tokens = models.PositiveBigIntegerField(default=0)
    judge_tokens = models.PositiveBigIntegerField(default=0)
    micros = models.PositiveBigIntegerField(null=True, blank=True)
    seconds = models.FloatField(default=0)
    tool_calls = models.PositiveIntegerField(default=0)
    served_model = models.CharField(max_length=120, blank=True)
    fingerprint = models.CharField(max_length=64)
    reused = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["run", "case", "arm", "model", "repeat"], name="one_row_per_trial"
            )
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["fingerprint", "-created_at"], condition=Q(outcome__in=COUNTED), name="trial_to_reuse"
            )
        ]

    def __str__(self) -> str:
        return f"{self.case[:8]} {self.arm} {self.model_id} #{self.repeat}"

    @property
    def counts(self) -> bool:
        """Whether it is scored: passed, failed, or failed by a limit."""
        return self.outcome in COUNTED

    @property
    def has_skill(self) -> bool:
        """Whether there was a skill to open."""
        return self.arm != Arm.BASELINE

    @property
    def tokens(self) -> int:
        return self.input_tokens + self.output_tokens


class Transcript(models.Model):
    """The messages of one trial; purged after a while, the trial stays."""

    trial = models.OneToOneField(Trial, on_delete=models.CASCADE, related_name="transcript")
    messages = models.JSONField()
    created_at = models.DateTimeField(default=now, db_index=True)

    def __str__(self) -> str:
        return f"transcript of {self.trial_id}"

    @property
    def tools_called(self) -> list[str]:
        """The name of the tool of each call, as far as the transcript was kept."""
        return [call["name"] for message in self.messages for call in message.get("calls", ())]


class Overrule(models.Model):
    """A reviewer's word on one judged assertion: a label the judge is measured by."""

    trial = models.ForeignKey(Trial, on_delete=models.CASCADE, related_name="overrules")
    assertion = models.PositiveSmallIntegerField()
    judged = models.BooleanField()
    passed = models.BooleanField()
    reason = models.CharField(max_length=500)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["trial", "assertion"], name="one_overrule_per_assertion")
        ]

    def __str__(self) -> str:
        return f"{self.trial_id}:{self.assertion} {self.passed}"


class DraftSource(models.TextChoices):
    SKILL = "skill", "SKILL.md"
    COMMENTS = "comments", "the comments of its review"
    TRIAL = "trial", "a failed trial"


class DraftState(models.TextChoices):
    QUEUED = "queued", "Waiting"
    DONE = "done", "Finished"
    FAILED = "failed", "Failed"


class DraftRow(TypedDict):
    """A case as the editor shows it: an assertion a line, a conversation as one text."""

    id: str
    prompt: str
    expected: str
    assertions: str


class CaseDraft(models.Model):
    """Cases that a model proposes to one person, who edits and keeps them, or does not."""

    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="case_drafts")
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    source = models.CharField(max_length=10, choices=DraftSource)
    trial = models.ForeignKey(Trial, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    model = models.ForeignKey(PortfolioModel, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=DraftState, default=DraftState.QUEUED)
    problem = models.CharField(max_length=500, blank=True)
    rows: "models.JSONField[list[DraftRow], list[DraftRow]]" = models.JSONField(default=list)
    created_at = models.DateTimeField(default=now, db_index=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"draft {self.pk} from {self.get_source_display()}"
