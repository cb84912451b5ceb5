"""Reads for the queue and the review page."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Value

from skills.catalog.models import OPEN, State, Version, Visibility
from skills.catalog.stakes import StakeOf
from skills.lib.errors import missing
from skills.people.actor import Actor
from skills.people.models import Role
from skills.reviews.models import Comment, CommentDraft, Decision, DecisionVerdict

FILTERS = ("waiting", "mine", "all")


def queue(actor: Actor, chosen: str = "waiting") -> QuerySet[Version]:
    """Open versions of the actor's teams, oldest first.

    waiting: others' versions the actor may decide and has not; mine: the actor answers for them,
    changes requested included; all: every open one of the actor's teams.
    """
    open_ = Version.objects.filter(state__in=[str(state) for state in OPEN])
    if not actor.reads_everything:
        open_ = open_.filter(skill__team_id__in=actor.read_team_ids)
    if chosen == "mine":
        mine = Q(author=actor.account) | Q(responsible=actor.account)
        states = [*OPEN, State.CHANGES_REQUESTED]
        open_ = Version.objects.filter(mine, state__in=states).filter(skill__team_id__in=actor.read_team_ids)
    elif chosen == "waiting":
        deciding = [pk for pk in actor.read_team_ids if actor.has_role(pk, Role.REVIEWER)]
        decided = Decision.objects.filter(version=OuterRef("pk"), reviewer=actor.account)
        mine_to_judge = Q(skill__team__policy__self_approval=True, skill__visibility=Visibility.TEAM)
        open_ = open_.alias(stake=StakeOf("pk", Value(actor.account.pk if actor.account else None)))
        open_ = open_.filter(
            Q(stake__isnull=True) | mine_to_judge, ~Exists(decided), skill__team_id__in=deciding
        )
    # Distinct, because the two counts multiply each other's rows.
    approvals = Count("decisions", filter=Q(decisions__verdict=DecisionVerdict.APPROVE), distinct=True)
    findings = Count("scan__findings", filter=Q(scan__findings__waived_at=None), distinct=True)
    related = open_.select_related("skill__team__policy", "author", "responsible", "scan")
    return related.annotate(approvals=approvals, open_findings=findings)


def history(version: Version) -> QuerySet[Decision]:
    """Every decision on this number, earlier attempts included, newest first."""
    rows = Decision.objects.filter(version__skill=version.skill, version__number=version.number)
    return rows.select_related("reviewer", "version").order_by("-created_at")


def conversation(version: Version) -> QuerySet[Comment]:
    """What was said about VERSION, by place."""
    rows = Comment.objects.filter(version=version)
    return rows.select_related("author", "resolved_by", "base", "version").order_by("path", "line", "id")


@dataclass(frozen=True, kw_only=True)
class Thread:
    """A remark with its replies, and with the reader's own replies that were not sent."""

    root: Comment
    replies: list[Comment] = field(default_factory=list)
    drafts: list[CommentDraft] = field(default_factory=list)

    @property
    def is_open(self) -> bool:
        return self.root.resolved_at is None

    @property
    def remarks(self) -> list[Comment]:
        return [self.root, *self.replies]


def threads_of(version: Version, drafts: Sequence[CommentDraft] = ()) -> list[Thread]:
    """Everything said on any attempt at VERSION's number, in the order it began; DRAFTS are a reader's."""
    rows = Comment.objects.filter(version__skill=version.skill_id, version__number=version.number)
    related = ("author", "resolved_by", "version__skill__team", "version__author", "base")
    threads: dict[int, Thread] = {}
    for row in rows.select_related(*related).order_by("pk"):
        if row.parent_id is None:
            threads[row.pk] = Thread(root=row)
        else:
            threads[row.parent_id].replies.append(row)
    for draft in drafts:
        if draft.parent_id in threads:
            threads[draft.parent_id].drafts.append(draft)
    return list(threads.values())


def thread_at(version: Version, remark_id: int, drafts: Sequence[CommentDraft] = ()) -> Thread:
    """The thread with the remark REMARK_ID, said on some attempt at VERSION's number; raises Missing."""
    for thread in threads_of(version, drafts):
        if any(remark.pk == remark_id for remark in thread.remarks):
            return thread
    raise missing()


def approvers_of(version: Version | OuterRef) -> QuerySet[Decision, str]:
    """The usernames of those who approved VERSION, in the order of their decisions."""
    approvals = Decision.objects.filter(version=version, verdict=DecisionVerdict.APPROVE).order_by("pk")
    return approvals.values_list("reviewer__username", flat=True)
