"""Reads of runs, their matrix and cells, for pages, API and gates."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from statistics import fmean

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import BooleanField, Case, Exists, OuterRef, Q, QuerySet, Value, When
from django.db.models.fields.json import KT
from django.db.models.functions import Coalesce

from skills.catalog.models import Skill, Version
from skills.catalog.visibility import readable, readable_versions
from skills.evals.models import ENDED, Overrule, Purpose, Run, RunState, Trial
from skills.evals.trial_rows import TrialFacts, facts_of
from skills.lib.errors import missing
from skills.people import rules
from skills.people.actor import Actor
from skills.people.models import Role
from skills.portfolio.kinds import SCRIPTED
from skills.verdicts.arms import Arm
from skills.verdicts.outcomes import COUNTED, EvaluationVerdict, Outcome, RegressionStatus
from skills.verdicts.records import CaseRecord, ModelRecord

FILTERS = ("all", "regressed", "improved", "failing", "flaky", "not_scored", "triggers")
_SCRIPTED = Q(portfolio__contains=[{"kind": SCRIPTED.code}]) | Q(judge__contains={"kind": SCRIPTED.code})
# A run without a judge makes the second half unknown instead of false, and the whole with it.
_USES_SCRIPT = Case(When(_SCRIPTED, then=True), default=False, output_field=BooleanField())
_OPEN = [status for status in RegressionStatus if status != RegressionStatus.CLEARED]
_HISTORY = 30  # versions whose evaluations a page lists
_HIDDEN = "A case that reviewers keep to themselves."


def runs_for(actor: Actor) -> QuerySet[Run]:
    """The runs an account may open: those of its teams, every one for staff and auditors.

    A run stays with its team when its skill moves to another, whose drafts the first no longer reads.
    """
    rows = Run.objects.select_related("team", "skill__team", "version", "requested_by")
    if actor.reads_everything:
        return rows
    return rows.filter(_readable(actor), team_id__in=actor.read_team_ids)


def _readable(actor: Actor) -> Q:
    """Runs of versions that ACTOR may read, and of skills where there was no version yet."""
    of_upload = Q(version=None) & (Q(skill=None) | readable(actor, "skill__"))
    return of_upload | readable_versions(actor, "version__")


def run_by_id(actor: Actor, pk: int) -> Run:
    """A run with what its pages show; raises Missing."""
    run = runs_for(actor).select_related("previous", "parent").filter(pk=pk).first()
    if run is None:
        raise rules.unseen(actor)
    return run


def sees_hidden(actor: Actor, run: Run) -> bool:
    """Reviewers of the team see hidden cases; authors must not write the skill to them."""
    return actor.reads_everything or actor.has_role(run.team_id, Role.REVIEWER)


def cases_shown(actor: Actor, run: Run) -> list[CaseRecord]:
    """The cases of a run as ACTOR may see them."""
    if sees_hidden(actor, run):
        return run.cases
    return [_without_content(case) if case["hidden"] else case for case in run.cases]


def _without_content(case: CaseRecord) -> CaseRecord:
    return {**case, "prompt": _HIDDEN, "assertions": []}


def evaluation_of(version: Version) -> Run | None:
    """The newest finished evaluation of the bytes of VERSION whose models answered.

    Its `counted` report is that of all of them together. Where none counts, the newest scripted one: pages
    show it marked, and gates say that it proves nothing.
    """
    rows = _of_bytes(version.skill_id, version.digest).select_related("version", "previous")
    rows = rows.annotate(uses_script=_USES_SCRIPT)
    return rows.order_by("uses_script", "-pk").first()


def verdict_of(version: Version | OuterRef) -> QuerySet[Run, str]:
    """The state of the report that counts: at most one, none where nobody or a script answered."""
    named = Version.objects.filter(pk=version.pk if isinstance(version, Version) else version)
    rows = _whole_evaluations().annotate(uses_script=_USES_SCRIPT).filter(uses_script=False)
    rows = rows.filter(skill=named.values("skill")[:1], digest=named.values("digest")[:1])
    states = Coalesce(KT("pooled_report__state"), KT("report__state"))
    return rows.order_by("-pk").values_list(states, flat=True)[:1]


def verdicts_of(versions: Collection[Version]) -> dict[int, str]:
    """What each of VERSIONS shows of its evaluations, by its id, in one query: as `verdict_of` says it.

    Also "scripted" where only a script answered; nothing of a version that nobody evaluated.
    """
    of_bytes = (
        _whole_evaluations()
        .annotate(uses_script=_USES_SCRIPT)
        .filter(
            skill__in={version.skill_id for version in versions},
            digest__in={version.digest for version in versions},
        )
    )
    newest = of_bytes.order_by("skill", "digest", "uses_script", "-pk").distinct("skill", "digest")
    state = Coalesce(KT("pooled_report__state"), KT("report__state"))
    found = {
        (skill_id, digest): SCRIPTED.code if uses_script else verdict
        for skill_id, digest, uses_script, verdict in newest.values_list(
            "skill", "digest", "uses_script", state
        )
    }
    keys = {version.pk: (version.skill_id, version.digest) for version in versions}
    return {pk: found[key] for pk, key in keys.items() if key in found}


def _whole_evaluations() -> QuerySet[Run]:
    """Of versions: what ran before the bytes were one may have been picked among many."""
    rows = Run.objects.filter(purpose=Purpose.EVALUATE, state=RunState.DONE, report__isnull=False)
    return rows.filter(version__isnull=False)


def _of_bytes(skill_id: int, digest: str) -> QuerySet[Run]:
    """Of another attempt at the same number too: its bytes are the same."""
    return _whole_evaluations().filter(skill=skill_id, digest=digest)


def unpooled() -> QuerySet[Run]:
    """Newest evaluations of their bytes that know nothing of the others, as earlier releases left them."""
    rows = Run.objects.filter(purpose=Purpose.EVALUATE, version__isnull=False)
    rows = rows.annotate(uses_script=_USES_SCRIPT).filter(uses_script=False)
    same = rows.filter(skill=OuterRef("skill"), digest=OuterRef("digest"))
    older = same.filter(pk__lt=OuterRef("pk"), state__in=ENDED)
    newer = same.filter(pk__gt=OuterRef("pk"), state=RunState.DONE)
    waiting = rows.filter(state=RunState.DONE, report__isnull=False, pooled_report__isnull=True)
    return waiting.filter(Exists(older), ~Exists(newer)).order_by("pk")


def tested_models(version: Version) -> tuple[list[str], float | None]:
    """The labels of the models that VERSION was evaluated on, and its mean lift if it improves on each.

    Nothing where a script answered. The lift is that of all evaluations of the same bytes together, so it
    cannot be had by running again.
    """
    run = evaluation_of(version)
    report = run.counted if run and not run.is_scripted else None
    if report is None:
        return [], None
    labels = [model.label for model in report.models if model.was_scored]
    if report.state != EvaluationVerdict.IMPROVES:
        return labels, None
    return labels, fmean(model.lift.value for model in report.models)


def history(actor: Actor, skill: Skill) -> list[Run]:
    """The evaluation that counts of each version of a skill that ACTOR may read, the newest first."""
    rows = _whole_evaluations().filter(readable_versions(actor, "version__"), skill=skill)
    newest = rows.annotate(uses_script=_USES_SCRIPT).order_by("digest", "uses_script", "-pk")
    ids = newest.distinct("digest").values("pk")
    return list(rows.filter(pk__in=ids).select_related("version").order_by("-pk")[:_HISTORY])


@dataclass
class CellRow:
    """One case on one model: the outcome of each repeat by arm (pass, fail, limit, none for not scored)."""

    model: int
    pips: dict[Arm, list[str]] = field(default_factory=dict)

    def share(self, arm: Arm) -> float | None:
        scored = [pip for pip in self.pips.get(arm, []) if pip != "none"]
        return sum(pip == "pass" for pip in scored) / len(scored) if scored else None

    @property
    def ours(self) -> list[str]:
        return self.pips.get(Arm.CANDIDATE, [])

    @property
    def words(self) -> str:
        """For those who cannot see the pips."""
        unscored = self.ours.count("none")
        scored = len(self.ours) - unscored
        if not scored:
            return "not scored"
        words = f"{self.ours.count('pass')} of {scored} passed"
        if limited := self.ours.count("limit"):
            words += f", {limited} failed at a limit"
        return f"{words}, {unscored} not scored" if unscored else words


@dataclass
class MatrixRow:
    case: CaseRecord
    cells: list[CellRow]
    flags: list[str]


def _pips(run: Run) -> dict[tuple[str, int], dict[Arm, list[str]]]:
    """(case, model) → arm → a pip for each repeat, in order; put together where the rows are."""
    pip = Case(
        When(~Q(outcome__in=COUNTED), then=Value("none")),
        When(outcome=Outcome.FAILED_LIMIT, then=Value("limit")),
        When(passed=True, then=Value("pass")),
        default=Value("fail"),
    )
    cells = Trial.objects.filter(run=run).values_list("case", "model_id", "arm")
    pips: dict[tuple[str, int], dict[Arm, list[str]]] = defaultdict(dict)
    for key, model, arm, repeats in cells.annotate(repeats=ArrayAgg(pip, order_by="repeat")):
        pips[key, model][arm] = repeats
    return pips


def matrix(actor: Actor, run: Run, chosen: str, against: Arm) -> list[MatrixRow]:
    """Cases × models with pips, those of CHOSEN, confirmed regressions first."""
    pips = _pips(run)
    report = run.evaluation
    regressions = report.regressions if report else ()
    flaky = {cell.case for cell in report.flaky} if report else set()
    rows = []
    for case in cases_shown(actor, run):
        key = case["key"]
        cells = [CellRow(model["id"], dict(pips[key, model["id"]])) for model in run.portfolio]
        statuses = {regression.status for regression in regressions if regression.case == key}
        flags = _flags(case, cells, statuses, against)
        if key in flaky:
            flags.append("flaky")
        if chosen in ("all", *flags):
            rows.append(MatrixRow(case, cells, flags))
    return sorted(rows, key=_urgency)


def _urgency(row: MatrixRow) -> int:
    """Open regressions come first, in the order of their statuses, then the rest in the order of the run."""
    places = (place for place, status in enumerate(_OPEN) if status in row.flags)
    return next(places, len(_OPEN))


def _flags(
    case: CaseRecord, cells: list[CellRow], statuses: set[RegressionStatus], against: Arm
) -> list[str]:
    """What a case can be filtered by, see FILTERS; and the status of its regression."""
    flags: list[str] = [status for status in _OPEN if status in statuses]
    pairs = [(cell.share(Arm.CANDIDATE), cell.share(against)) for cell in cells]
    known = [(ours, theirs) for ours, theirs in pairs if ours is not None and theirs is not None]
    if flags or any(ours < theirs for ours, theirs in known):
        flags.append("regressed")
    if any(ours > theirs for ours, theirs in known):
        flags.append("improved")
    if any(ours is not None and ours < 1 for ours, _ in pairs):
        flags.append("failing")
    if any("none" in pip for cell in cells for pip in cell.pips.values()):
        flags.append("not_scored")
    if case["trigger"] is not None:
        flags.append("triggers")
    return flags


def compared_arm(run: Run) -> Arm:
    """What a matrix compares with when nothing is chosen."""
    return Arm.PREVIOUS if Arm.PREVIOUS in run.arms else Arm.BASELINE


def cell(actor: Actor, run: Run, case_key: str, model_id: int) -> tuple[CaseRecord, ModelRecord, list[Trial]]:
    """(case, model, its trials) of one cell; raises Missing, also for cases ACTOR may not see."""
    case = next((case for case in run.cases if case["key"] == case_key), None)
    model = next((model for model in run.portfolio if model["id"] == model_id), None)
    if case is None or model is None or (case["hidden"] and not sees_hidden(actor, run)):
        raise missing()
    trials = Trial.objects.filter(run=run, case=case_key, model_id=model_id).select_related("transcript")
    return case, model, list(trials.order_by("repeat", "arm"))


def trials_shown(actor: Actor, run: Run) -> Iterator[TrialFacts]:
    """The trials of a run without those of cases ACTOR may not see."""
    rows = Trial.objects.filter(run=run).order_by("pk")
    if not sees_hidden(actor, run):
        rows = rows.exclude(case__in=[case["key"] for case in run.cases if case["hidden"]])
    return facts_of(rows)


def trial_by_id(actor: Actor, run: Run, pk: int) -> Trial:
    trial = Trial.objects.filter(run=run, pk=pk).first()
    if trial is None:
        raise missing()
    cell(actor, run, trial.case, trial.model_id)
    return trial


def labels_of(run: Run) -> list[tuple[bool, bool]]:
    """(judge, person) of every overrule on this run's judge, over all runs of the team."""
    if run.judge is None:
        return []
    rows = Overrule.objects.filter(trial__run__team=run.team_id, trial__run__judge__name=run.judge["name"])
    return list(rows.values_list("judged", "passed"))
