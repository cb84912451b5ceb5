"""A model of the portfolio proposes cases; a person edits and keeps them.

Asked for on a page or over the API, answered in the evaluation worker, charged like a call of a run.
"""

from django.db import OperationalError, transaction

from skills.audit.record import record
from skills.budgets.call_roles import CallRole
from skills.budgets.reserve import Busy, OutOfBudget
from skills.bundles.eval_cases import Evals
from skills.bundles.frontmatter import FILE
from skills.bundles.magic import decode
from skills.catalog.models import Version
from skills.delivery.content import all_files
from skills.evals import draft_text, selectors
from skills.evals.draft_text import FailedTrial, Remark
from skills.evals.models import CaseDraft, DraftRow, DraftSource, DraftState, Trial
from skills.evals.readings import read_cases
from skills.jobs.enqueue import enqueue
from skills.lib.clock import now
from skills.lib.errors import Conflict, Refused, missing, refuse
from skills.people import rules
from skills.people.actor import Actor
from skills.people.models import Role
from skills.portfolio.call_ledger import CallLedger
from skills.portfolio.faults import Endpoint, fault_of
from skills.portfolio.kinds import KINDS
from skills.portfolio.metered import ask
from skills.portfolio.model_plan import ModelPlan, model_plan
from skills.portfolio.models import PortfolioModel
from skills.portfolio.provider_keys import key_of
from skills.portfolio.selectors import available
from skills.reviews.selectors import conversation
from skills.verdicts.outcomes import COUNTED

_PROBLEM = 500  # characters, as the column
_MOST_WAITING = 3  # of one person
_SECONDS = 300  # for the answer


def drafters(version: Version) -> list[PortfolioModel]:
    """The models that may draft cases for VERSION: those of its team that really answer."""
    return [row for row in available(version.skill.team) if not row.provider.is_scripted]


@transaction.atomic
def request_draft(
    *, actor: Actor, version: Version, source: str, model_id: int | None = None, trial_id: int | None = None
) -> CaseDraft:
    """Ask for cases drawn from SOURCE, by the team's first model where none is named."""
    by = rules.role(actor, version.skill.team, Role.MEMBER)
    if source not in DraftSource.values:
        raise refuse("bad_draft", f"Cases are drafted from {', '.join(DraftSource.values)}.")
    if not version.has_content:
        raise refuse("bad_draft", "The files of this version are gone.", kind=Conflict)
    models = drafters(version)
    model = next((row for row in models if model_id in (None, row.pk)), None)
    if model is None:
        text = "No model of the team can draft cases: a script answers nothing that was not written down."
        raise refuse("no_models", text, "Ask staff to connect a model, or write the cases by hand.")
    trial = _failed_trial(actor, version, trial_id) if source == DraftSource.TRIAL else None
    if source == DraftSource.COMMENTS and not conversation(version):
        raise refuse("bad_draft", "Nobody has said anything about this version yet.", kind=Conflict)
    waiting = CaseDraft.objects.filter(requested_by=by, state=DraftState.QUEUED).count()
    if waiting >= _MOST_WAITING:
        raise refuse("bad_draft", f"{waiting} drafts of yours are under way.", "Wait for one.", kind=Conflict)
    draft = CaseDraft.objects.create(
        version=version, requested_by=by, source=source, trial=trial, model=model
    )
    record(
        "cases.draft",
        by=by,
        target=version,
        team_id=version.skill.team_id,
        draft=draft.pk,
        source=source,
        model=model.label,
    )
    enqueue("draft_cases", key=f"draft:{draft.pk}", draft_id=draft.pk)
    return draft


def _failed_trial(actor: Actor, version: Version, trial_id: int | None) -> Trial:
    """A trial of this skill that failed, as ACTOR may see it; raises Missing, also for hidden cases."""
    row = Trial.objects.filter(pk=trial_id or 0, run__skill=version.skill_id).select_related("run").first()
    if row is None:
        raise missing()
    trial = selectors.trial_by_id(actor, selectors.run_by_id(actor, row.run_id), row.pk)
    if trial.outcome not in COUNTED or trial.passed:
        raise refuse("bad_draft", "This trial did not fail.", "Choose one that did.", kind=Conflict)
    return trial


def draft_by_id(actor: Actor, pk: int) -> CaseDraft:
    """A draft of ACTOR's own: it may be drawn from what others of the team do not see. Raises Missing."""
    account = rules.signed_in(actor)
    rows = CaseDraft.objects.select_related("model", "version__skill__team")
    draft = rows.filter(pk=pk, requested_by=account).first()
    if draft is None or not (actor.reads_everything or draft.version.skill.team_id in actor.read_team_ids):
        raise missing()
    return draft


def draft_cases(*, draft_id: int) -> None:
    """The worker's half: ask the model, read its answer, keep the rows or say why there are none."""
    rows = CaseDraft.objects.select_related(
        "version__skill__team", "model__provider", "model__price", "trial"
    )
    draft = rows.filter(pk=draft_id, state=DraftState.QUEUED).first()
    if draft is None:
        return
    secret = ""
    try:
        secret = key_of(draft.model.provider)
        draft.rows = _rows(draft, model_plan(draft.model, secret))
        draft.state = DraftState.DONE
    except OperationalError:
        raise  # the database is away: the job is called again
    except Exception as error:  # noqa: BLE001 - each provider's client has its own; the page says what it was
        draft.state, draft.problem = DraftState.FAILED, _words(error, draft.model, secret)[:_PROBLEM]
    draft.finished_at = now()
    draft.save(update_fields=["state", "rows", "problem", "finished_at"])


def _rows(draft: CaseDraft, model: ModelPlan) -> list[DraftRow]:
    from inspect_ai.model import ChatMessageSystem, ChatMessageUser

    version = draft.version
    files = all_files(version)
    evals, _ = read_cases(files)
    ledger = CallLedger(
        team_id=version.skill.team_id, account_id=draft.requested_by_id, skill_id=version.skill_id
    )
    question = _question(draft, decode(files[FILE]) or "", evals)
    answer = ask(
        model,
        [ChatMessageSystem(content=draft_text.SYSTEM), ChatMessageUser(content=question)],
        ledger=ledger,
        role=CallRole.DRAFTER,
        output_tokens=model.max_output_tokens,
        seconds=_SECONDS,
    )
    return draft_text.read_answer(answer.completion, [case.id for case in evals.cases])


def _question(draft: CaseDraft, skill: str, evals: Evals) -> str:
    known = [case.prompt for case in evals.cases]
    if draft.source == DraftSource.COMMENTS:
        comments: list[Remark] = [
            {"file": row.path, "line": row.line, "text": row.body} for row in conversation(draft.version)
        ]
        return draft_text.question(skill=skill, known=known, comments=comments)
    if draft.source == DraftSource.TRIAL and draft.trial is not None:
        return draft_text.question(skill=skill, known=known, trial=_as_material(draft.trial))
    return draft_text.question(skill=skill, known=known)


def _as_material(trial: Trial) -> FailedTrial:
    case = next((case for case in trial.run.cases if case["key"] == trial.case), None)
    transcript = getattr(trial, "transcript", None)
    return {
        "task": case["prompt"] if case else "",
        "transcript": transcript.messages if transcript else [{"role": "assistant", "text": trial.output}],
        "grades": [
            {"statement": row["text"], "passed": row["passed"], "evidence": row["evidence"]}
            for row in trial.grades
        ],
    }


def _words(error: Exception, model: PortfolioModel, secret: str) -> str:
    """Why there is no draft, and how to mend it."""
    if isinstance(error, (draft_text.UnreadableDraft, OutOfBudget, Busy, Refused)):
        return str(error)
    provider = model.provider
    endpoint = Endpoint(
        kind=KINDS[provider.kind], base_url=provider.base_url, model=model.name, has_key=bool(secret)
    )
    return str(fault_of(error, endpoint, secret))
