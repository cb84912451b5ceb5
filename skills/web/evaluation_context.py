"""What a template needs to show the verdict of a run, wherever it stands."""

from typing import Any

from skills.evals.models import Run
from skills.lib.charts import whisker
from skills.verdicts.arms import BASELINE, CANDIDATE, PREVIOUS


def evaluation_context(run: Run | None) -> dict[str, Any]:
    """Run, report, the lines of its chart, and what each arm is called."""
    report = run.report if run else None
    lines = [(model, whisker(model["rates"])) for model in report["models"]] if report else []
    names = {
        CANDIDATE: run.version.number if run and run.version else "this upload",
        BASELINE: "without the skill",
        PREVIOUS: run.previous.number if run and run.previous else "before",
    }
    return {"run": run, "report": report, "lines": lines, "names": names}
