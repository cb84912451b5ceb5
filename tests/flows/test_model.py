"""A model of one skill beside the product: in whatever order people act, both say the same."""

import os
from dataclasses import dataclass

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from semantic_version import Version as Semver

from skills.catalog.models import Skill, State, Version
from skills.flows import access, release
from skills.lib.errors import Refused
from skills.people.actor import VISITOR
from skills.search.query import search
from tests.factories import a_person, a_team, a_version, actor, files

SOAK = bool(os.environ.get("SOAK"))
NUMBERS = ["1.0.0", "1.1.0", "1.1.0-beta.1", "2.0.0"]
WITHDRAWABLE = {State.IN_REVIEW, State.CHANGES_REQUESTED}
DECIDED = {
    "approve": State.APPROVED,
    "request_changes": State.CHANGES_REQUESTED,
    "reject": State.REJECTED,
}


@dataclass
class Row:
    """What the model knows of one attempt."""

    number: str
    digest: str
    state: str = State.IN_REVIEW
    was_approved: bool = False

    @property
    def holds(self) -> bool:
        return self.state == State.IN_REVIEW or self.was_approved


class Life(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.block = transaction.atomic()
        self.block.__enter__()
        self.author, self.boss = a_person("life-author"), a_person("life-boss", staff=True)
        self.team = a_team("life", admin=self.boss, members=(self.author,))
        self.rows: dict[int, Row] = {}
        self.made = 0

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.block.__exit__(None, None, None)

    def one(self, data) -> int:
        return data.draw(st.sampled_from(sorted(self.rows)), label="version")

    def act(self, work, *, allowed: bool) -> None:
        """Do WORK; where the model does not allow it, it is refused."""
        if allowed:
            work()
            return
        with pytest.raises(Refused), transaction.atomic():
            work()

    @rule(number=st.sampled_from(NUMBERS))
    def submit(self, number):
        self.made += 1
        content = files("life", body=f"Text {self.made}.")

        def work():
            made = a_version(self.author, self.team, "life", number, content=content, wanted="public")
            self.rows[made.pk] = Row(number, made.digest)

        self.act(work, allowed=not any(row.holds for row in self.rows.values() if row.number == number))

    @precondition(lambda self: self.rows)
    @rule(
        data=st.data(),
        verdict=st.sampled_from(sorted(DECIDED)),
        mistake=st.sampled_from(["", "", "bytes", "own"]),
    )
    def decide(self, data, verdict, mistake):
        pk = self.one(data)
        row = self.rows[pk]
        who = self.author if mistake == "own" else self.boss
        digest = "sha256:" + "0" * 64 if mistake == "bytes" else row.digest
        allowed = row.state == State.IN_REVIEW and not mistake

        self.act(
            lambda: release.decide(
                actor=actor(who), version_id=pk, verdict=verdict, digest=digest, reason="So."
            ),
            allowed=allowed,
        )
        if allowed:
            row.state = DECIDED[verdict]
            row.was_approved = verdict == "approve"

    @precondition(lambda self: self.rows)
    @rule(data=st.data(), event=st.sampled_from(["withdraw", "yank", "unyank", "remove"]))
    def change(self, data, event):
        pk = self.one(data)
        row, boss = self.rows[pk], actor(self.boss)
        allowed, after, work = {
            "withdraw": (
                row.state in WITHDRAWABLE,
                State.WITHDRAWN,
                lambda: release.withdraw(actor=actor(self.author), version_id=pk),
            ),
            "yank": (
                row.state == State.APPROVED,
                State.YANKED,
                lambda: access.yank(actor=boss, version_id=pk, reason="Wrong."),
            ),
            "unyank": (
                row.state == State.YANKED,
                State.APPROVED,
                lambda: access.unyank(actor=boss, version_id=pk, reason="Right."),
            ),
            "remove": (
                row.state != State.REMOVED,
                State.REMOVED,
                lambda: access.remove(actor=boss, version_id=pk, reason="Court."),
            ),
        }[event]

        self.act(work, allowed=allowed)
        if allowed:
            row.state = after

    @invariant()
    def rows_agree(self):
        held = Version.objects.filter(pk__in=self.rows).values_list("pk", "state", "digest")
        assert {pk: (state, digest) for pk, state, digest in held} == {
            pk: (row.state, row.digest) for pk, row in self.rows.items()
        }

    @invariant()
    def readers_see_the_highest_approved(self):
        approved = [Semver(row.number) for row in self.rows.values() if row.state == State.APPROVED]
        stable = [number for number in approved if not number.prerelease]
        if not self.rows:
            return
        skill = Skill.objects.select_related("latest", "shown").get(team=self.team)
        assert (skill.latest and skill.latest.number) == (str(max(stable)) if stable else None)
        assert (skill.shown and skill.shown.number) == (str(max(stable or approved)) if approved else None)
        found = [hit.skill.pk for hit in search(VISITOR, "life/life").hits]
        assert found == ([skill.pk] if approved else [])


@pytest.mark.django_db
def test_people_may_act_in_any_order():
    sample = settings(
        max_examples=300 if SOAK else 12,
        stateful_step_count=40 if SOAK else 25,
        deadline=None,
        derandomize=not SOAK,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(Life, settings=sample)
