"""What of the review queue somebody asks to see: search, filters, order."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import F, Q, QuerySet
from django.http import QueryDict

from skills.catalog.models import Version
from skills.evals.standing import NOT_EVALUATED, standings_of
from skills.lib.clock import now
from skills.lib.errors import refuse
from skills.reviews import selectors
from skills.web.badges import VERDICTS

AGES = {"": "any age", "1": "a day and more", "7": "a week and more", "30": "a month and more"}
ORDERS = {"oldest": "created_at", "newest": "-created_at", "skill": "skill_name"}
_NONE = "none"  # of a verdict: nobody has evaluated it
_MOST_LOOKED_AT = 500  # versions whose verdict is looked up for the filter


@dataclass(frozen=True, kw_only=True)
class QueueQuestion:
    """The words of an address; "" asks for nothing."""

    chosen: str = "waiting"
    words: str = ""
    team: str = ""
    author: str = ""
    age: str = ""
    verdict: str = ""
    order: str = "oldest"

    @property
    def is_narrow(self) -> bool:
        return any((self.words, self.team, self.author, self.age, self.verdict))


def question_of(asked: QueryDict) -> QueueQuestion:
    """What the address asks; raises Refused for a filter or an order that there is not."""
    chosen, order = asked.get("filter", "waiting"), asked.get("sort", "oldest")
    if chosen not in selectors.FILTERS:
        raise refuse("bad_filter", f"Use one of {', '.join(selectors.FILTERS)}.")
    if order not in ORDERS:
        raise refuse("bad_sort", f"Use one of {', '.join(ORDERS)}.")
    age, verdict = asked.get("age", ""), asked.get("verdict", "")
    if age not in AGES or (verdict and verdict != _NONE and verdict not in VERDICTS):
        raise refuse("bad_filter", "There is no such age or verdict.", "Choose one of the list.")
    return QueueQuestion(
        chosen=chosen,
        words=asked.get("q", "").strip()[:100],
        team=asked.get("team", "").strip(),
        author=asked.get("author", "").strip(),
        age=age,
        verdict=verdict,
        order=order,
    )


def narrowed(open_: QuerySet[Version], question: QueueQuestion) -> QuerySet[Version]:
    """Those of OPEN_ that QUESTION asks for."""
    if question.words:
        words = Q(skill__name__icontains=question.words) | Q(changelog__icontains=question.words)
        open_ = open_.filter(words | Q(number__startswith=question.words))
    if question.team:
        open_ = open_.filter(skill__team__handle=question.team)
    if question.author:
        open_ = open_.filter(Q(author__username=question.author) | Q(responsible__username=question.author))
    if question.age:
        open_ = open_.filter(created_at__lte=now() - timedelta(days=int(question.age)))
    if question.verdict:
        open_ = open_.filter(pk__in=_with_verdict(open_, question.verdict))
    return open_.annotate(skill_name=F("skill__name"))


def _with_verdict(open_: QuerySet[Version], verdict: str) -> list[int]:
    looked_at = list(open_.order_by("created_at")[:_MOST_LOOKED_AT])
    standings = standings_of(looked_at)
    wanted = "" if verdict == _NONE else verdict
    return [row.pk for row in looked_at if standings.get(row.pk, NOT_EVALUATED).verdict == wanted]


def choices(open_: QuerySet[Version]) -> dict[str, object]:
    """What the form of the filters offers: teams and authors of what is open."""
    return {
        "teams": sorted(set(open_.order_by().values_list("skill__team__handle", flat=True)[:200])),
        "authors": sorted(set(open_.order_by().values_list("author__username", flat=True)[:200])),
        "ages": AGES.items(),
        "verdicts": [(key, words) for key, (words, _) in VERDICTS.items()],
        "orders": ORDERS,
    }
