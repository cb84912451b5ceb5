"""What earlier runs know of assertions before a new one starts: which of them pass without the skill."""

from collections.abc import Collection, Mapping, Sequence

from skills.bundles.eval_cases import Assertion
from skills.catalog.models import Skill
from skills.evals.models import Trial
from skills.portfolio.kinds import SCRIPTED
from skills.verdicts.arms import Arm
from skills.verdicts.outcomes import COUNTED
from skills.verdicts.useless import always_passed

_NEWEST = 5_000  # trials that are looked at


def passed_without(skill: Skill | None, keys: Collection[str]) -> Mapping[str, Sequence[int]]:
    """Key of a case → the places of its assertions that passed without SKILL in every trial so far.

    A script proves nothing, so its answers do not count.
    """
    rows = Trial.objects.filter(
        run__skill=skill, run__skill__isnull=False, case__in=keys, arm=Arm.BASELINE, outcome__in=COUNTED
    ).exclude(model__provider__kind=SCRIPTED.code)
    return always_passed(rows.order_by("-pk").values_list("case", "grades")[:_NEWEST])


def texts_at(assertions: Sequence[Assertion], places: Collection[int]) -> list[str]:
    return [assertion.text for place, assertion in enumerate(assertions) if place in places]
