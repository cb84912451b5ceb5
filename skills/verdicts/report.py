"""What a run has shown: figures by model, the verdict in a sentence, regressions, advice. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from statistics import fmean, median
from typing import Any, Protocol

from skills.verdicts import statistics as st
from skills.verdicts.arms import BASELINE, CANDIDATE, PREVIOUS

INCONCLUSIVE = 0.10  # share of trials not scored above which nothing is said
_CLOSE = 0.05  # how much lower a rate may be and still count as the same, where no interval says more


class Row(Protocol):
    """A trial, as far as a report is concerned."""

    case: str
    arm: str
    model_id: int
    outcome: str
    passed: bool
    grades: Any
    invoked: bool
    micros: int | None
    seconds: float

    @property
    def tokens(self) -> int: ...


Samples = dict[str, list[bool]]


class _Table:
    """Trials by model and arm; triggers apart."""

    def __init__(self, rows: Iterable[Row], triggers: set[str]) -> None:
        self.rows: dict[tuple[int, str], list[Row]] = defaultdict(list)
        self.triggers: dict[tuple[int, str], list[Row]] = defaultdict(list)
        for row in rows:
            place = self.triggers if row.case in triggers else self.rows
            place[row.model_id, row.arm].append(row)

    def scored(self, model: int, arm: str) -> list[Row]:
        return [row for row in self.rows[model, arm] if row.outcome == "scored"]

    def samples(self, model: int, arm: str) -> Samples:
        found: Samples = defaultdict(list)
        for row in self.scored(model, arm):
            found[row.case].append(row.passed)
        return found

    def all_samples(self, model: int, arm: str) -> Samples:
        found = self.samples(model, arm)
        for row in self.triggers[model, arm]:
            if row.outcome == "scored":
                found[row.case].append(row.passed)
        return found


def make(
    *,
    cases: Sequence[Mapping[str, Any]],
    models: Sequence[Mapping[str, Any]],
    arms: Sequence[str],
    total: int,
    rows: Sequence[Row],
    fresh: Sequence[Row] = (),
    labels: Sequence[tuple[bool, bool]] = (),
) -> dict[str, Any]:
    """The report of a run as JSON. FRESH are the re-runs of suspected cells, LABELS (judge, person)."""
    table = _Table(rows, {case["key"] for case in cases if case["trigger"] is not None})
    again = _Table(fresh, set())
    names = {model["id"]: model["label"] for model in models}
    lifts = {pk: _deltas(table, pk, BASELINE) for pk in names}
    changes = {pk: _deltas(table, pk, PREVIOUS) for pk in names} if PREVIOUS in arms else {}
    words = st.verdicts({str(pk): deltas for pk, deltas in lifts.items()})
    change_words = st.verdicts({str(pk): deltas for pk, deltas in changes.items()})
    scored = sum(row.outcome == "scored" for row in rows)
    figures = []
    for pk, label in names.items():
        figures.append(
            _figures(table, pk, arms)
            | {
                "id": pk,
                "label": label,
                "verdict": words[str(pk)],
                "change_verdict": change_words.get(str(pk)),
                "lift": _as(st.difference(table.samples(pk, CANDIDATE), table.samples(pk, BASELINE))),
                "change": _as(st.difference(table.samples(pk, CANDIDATE), table.samples(pk, PREVIOUS)))
                if pk in changes
                else None,
            }
        )
    regressions = _regressions(table, again, cases, names) if PREVIOUS in arms else []
    not_scored = 1 - scored / total if total else 1.0
    report = {
        "models": figures,
        "regressions": regressions,
        "not_scored": total - scored,
        "total": total,
        "flaky": _flaky(table, cases, names),
        "useless": _useless(table, cases, names),
        "advice": _advice(table, figures, names),
        "frontier": _frontier(figures),
        "judge": _calibration(labels),
        "state": "inconclusive" if not_scored > INCONCLUSIVE else _state(figures, regressions),
    }
    return report | {"sentence": _sentence(report)}


def _deltas(table: _Table, model: int, other: str) -> list[float]:
    return st.paired(table.samples(model, CANDIDATE), table.samples(model, other))


def _as(estimate: st.IntervalEstimate) -> dict[str, Any]:
    return {
        key: round(value, 4) if isinstance(value, float) else value for key, value in asdict(estimate).items()
    }


def _figures(table: _Table, model: int, arms: Sequence[str]) -> dict[str, Any]:
    """Rates, tokens, money, time and invocation of one model."""
    ours = table.scored(model, CANDIDATE)
    tokens = {arm: _mean([row.tokens for row in table.scored(model, arm)]) for arm in arms}
    micros = {arm: _mean_or_none([row.micros for row in table.scored(model, arm)]) for arm in arms}
    seconds = sorted(row.seconds for row in ours)
    priced = micros.get(CANDIDATE), micros.get(BASELINE)
    ours_cost, bare_cost = priced if all(priced) else (tokens.get(CANDIDATE), tokens.get(BASELINE))
    triggers = [row for row in table.triggers[model, CANDIDATE] if row.outcome == "scored"]
    return {
        "rates": {arm: _as(st.pass_rate(table.samples(model, arm))) for arm in arms},
        "tokens": tokens,
        "micros": micros,
        "cost_ratio": round(ours_cost / bare_cost, 3) if ours_cost and bare_cost else None,
        "invocation": round(fmean(row.invoked for row in ours), 4) if ours else None,
        "seconds": [round(median(seconds), 2), round(seconds[int(0.95 * (len(seconds) - 1))], 2)]
        if seconds
        else None,
        "triggers": [sum(row.passed for row in triggers), len(triggers)] if triggers else None,
    }


def _mean(values: Sequence[int]) -> float:
    return round(fmean(values), 1) if values else 0.0


def _mean_or_none(values: Sequence[int | None]) -> float | None:
    known = [value for value in values if value is not None]
    return round(fmean(known), 1) if known and len(known) == len(values) else None


def _regressions(
    table: _Table, again: _Table, cases: Sequence[Mapping[str, Any]], names: Mapping[int, str]
) -> list[dict[str, Any]]:
    """Cells that turned; confirmed or cleared by fresh repeats alone."""
    found = []
    for model in names:
        ours, theirs = table.all_samples(model, CANDIDATE), table.all_samples(model, PREVIOUS)
        new, old = again.samples(model, CANDIDATE), again.samples(model, PREVIOUS)
        for case in cases:
            key = case["key"]
            if not st.is_suspected(ours.get(key, []), theirs.get(key, [])):
                continue
            status = "suspected"
            if new.get(key) and old.get(key):
                status = "confirmed" if st.is_confirmed(new[key], old[key]) else "cleared"
            found.append(
                {"case": key, "label": case["label"], "model": model, "on": names[model], "status": status}
            )
    order = {"confirmed": 0, "suspected": 1, "cleared": 2}
    return sorted(found, key=lambda row: order[row["status"]])


def suspected(report: Mapping[str, Any]) -> list[tuple[str, int]]:
    """(case, model) of every cell that waits for a re-run."""
    return [(row["case"], row["model"]) for row in report["regressions"] if row["status"] == "suspected"]


def _flaky(
    table: _Table, cases: Sequence[Mapping[str, Any]], names: Mapping[int, str]
) -> list[dict[str, Any]]:
    """Cells that pass now and then in both arms."""
    found = []
    for model in names:
        ours, bare = table.samples(model, CANDIDATE), table.samples(model, BASELINE)
        for case in cases:
            both = ours.get(case["key"], []), bare.get(case["key"], [])
            if all(side and 0 < sum(side) < len(side) for side in both):
                found.append(
                    {"case": case["key"], "label": case["label"], "model": model, "on": names[model]}
                )
    return found


def _useless(
    table: _Table, cases: Sequence[Mapping[str, Any]], names: Mapping[int, str]
) -> list[dict[str, Any]]:
    """Assertions with one and the same result in both arms on every model: they tell nothing."""
    seen: dict[tuple[str, int], dict[str, set[bool]]] = defaultdict(
        lambda: {CANDIDATE: set(), BASELINE: set()}
    )
    for model in names:
        for arm in (CANDIDATE, BASELINE):
            for row in table.scored(model, arm):
                for number, one in enumerate(row.grades):
                    seen[row.case, number][arm].add(bool(one["passed"]))
    labels = {case["key"]: case for case in cases}
    return [
        {
            "case": key,
            "label": labels[key]["label"],
            "assertion": number,
            "text": "(hidden)" if labels[key]["hidden"] else labels[key]["assertions"][number]["text"],
            "always": next(iter(arms[CANDIDATE])),
        }
        for (key, number), arms in seen.items()
        if len(arms[CANDIDATE]) == 1
        and arms[CANDIDATE] == arms[BASELINE]
        and key in labels
        and number < len(labels[key]["assertions"])
    ]


def _cost(figure: Mapping[str, Any], arm: str = CANDIDATE) -> float | None:
    """Micros of one trial; None without a price."""
    value: float | None = figure["micros"].get(arm)
    return value


def _frontier(figures: Sequence[Mapping[str, Any]]) -> list[int]:
    """Ids of the models that no other beats in both cost and rate."""
    priced = [
        figure for figure in figures if _cost(figure) is not None and figure["rates"][CANDIDATE]["cases"]
    ]
    return [
        one["id"]
        for one in priced
        if not any(
            other is not one
            and _cost(other) <= _cost(one)  # type: ignore[operator]
            and other["rates"][CANDIDATE]["value"] >= one["rates"][CANDIDATE]["value"]
            and (_cost(other), other["rates"][CANDIDATE]["value"])
            != (_cost(one), one["rates"][CANDIDATE]["value"])
            for other in priced
        )
    ]


def _as_good(ours: Samples, theirs: Samples) -> bool:
    """Whether ours is not clearly worse, and not much lower either."""
    gap = st.difference(ours, theirs)
    return gap.cases > 0 and gap.value >= -_CLOSE and (gap.high is None or gap.high >= 0)


def _advice(table: _Table, figures: Sequence[Mapping[str, Any]], names: Mapping[int, str]) -> str:
    """The cheapest model that is as good, in words a team lead can use; "" where nothing is to say."""
    priced = sorted((f for f in figures if _cost(f)), key=lambda figure: _cost(figure) or 0)
    if len(priced) < 2:
        return ""
    best = max(priced, key=lambda figure: (figure["rates"][CANDIDATE]["value"], _cost(figure) or 0))
    dear = max(priced, key=lambda figure: (figure["rates"][BASELINE]["value"], _cost(figure, BASELINE) or 0))
    for cheap in priced:
        ours = table.samples(cheap["id"], CANDIDATE)
        share = (_cost(cheap) or 0) / (_cost(best) or 1)
        if cheap is not best and share < 1 and _as_good(ours, table.samples(best["id"], CANDIDATE)):
            return f"{cheap['label']} with this skill is as good as {best['label']} with it, at {_percent(share)} of the cost."
        bare = _cost(dear, BASELINE)
        if (
            cheap is not dear
            and bare
            and (_cost(cheap) or 0) < bare
            and _as_good(ours, table.samples(dear["id"], BASELINE))
        ):
            share = (_cost(cheap) or 0) / bare
            return f"{cheap['label']} with this skill matches {dear['label']} without it, at {_percent(share)} of the cost."
    return ""


def _percent(share: float) -> str:
    return f"{max(1, round(100 * share))} %"


def _calibration(labels: Sequence[tuple[bool, bool]]) -> dict[str, Any]:
    """How often people agreed with the judge; kappa from 30 labels on."""
    count = len(labels)
    kappa = st.kappa(labels) if count >= 30 else None
    return {
        "labels": count,
        "kappa": None if kappa is None else round(kappa, 3),
        "false_passes": sum(judge and not person for judge, person in labels),
        "false_fails": sum(person and not judge for judge, person in labels),
        "advisory": kappa is not None and kappa < 0.6,
    }


def _state(figures: Sequence[Mapping[str, Any]], regressions: Sequence[Mapping[str, Any]]) -> str:
    """One word for the whole run, no better than its worst model."""
    words = {figure["verdict"] for figure in figures}
    changed = {figure["change_verdict"] for figure in figures}
    if "regresses" in words | changed or any(row["status"] == "confirmed" for row in regressions):
        return "regresses" if "improves" not in words else "mixed"
    for word in ("too_few_cases", "no_clear_effect"):
        if words == {word}:
            return word
    return "improves" if words == {"improves"} else "mixed"


def _sentence(report: Mapping[str, Any]) -> str:
    figures, state = report["models"], report["state"]
    count = len(figures)
    if state == "inconclusive":
        return f"Inconclusive: {report['not_scored']} of {report['total']} trials were not scored"
    if state == "too_few_cases":
        return f"Too few cases to tell: at least {st.FEWEST_CASES} are needed"
    helps = [figure for figure in figures if figure["verdict"] == "improves"]
    harms = [
        figure["label"] for figure in figures if "regresses" in (figure["verdict"], figure["change_verdict"])
    ]
    on = "the one model" if count == 1 else f"all {count} models"
    parts = [
        f"Helps on {on}"
        if len(helps) == count
        else f"Helps on {len(helps)} of {count} models"
        if helps
        else f"No clear effect on {'any of ' if count > 1 else ''}{on.removeprefix('all ')}"
    ]
    confirmed = [row["on"] for row in report["regressions"] if row["status"] == "confirmed"]
    if confirmed:
        places = ", ".join(sorted(set(confirmed)))
        parts.append(f"{len(confirmed)} confirmed regression{'s' * (len(confirmed) > 1)} on {places}")
    elif harms:
        parts.append(f"worse on {', '.join(harms)}")
    return "; ".join(parts)
