"""Every address that takes a token × every limit a token can have: scopes, teams, whose it is.

The expected answer of a cell comes from the table of `token_acts.py`. An address or a method without a row
fails. `SOAK=1` asks every cell, else one of STEP, others for each act.
"""

import json
import os
from dataclasses import dataclass, replace
from itertools import combinations

import pytest
from django.db import transaction
from django.test import Client
from django.urls import get_resolver
from django.urls.resolvers import URLPattern

from skills.budgets.allowances import budget_of
from skills.catalog import tickets
from skills.evals.models import CaseDraft, Run, Trial
from skills.flows import access, remarks
from skills.lib.errors import Missing
from skills.people.actor import actor_for_token
from skills.people.models import Account, Scope, Team
from skills.people.teams import create_service
from skills.people.tokens import create_token, find_token
from skills.portfolio.models import ModelAlias, PortfolioModel
from skills.protocols.mcp import reading
from skills.signing.models import SigningKey
from tests.evals.making import files_with_evals
from tests.factories import a_person, a_team, a_version, a_zip, actor, an_approved, files
from tests.http.token_acts import (
    ALL_METHODS,
    API,
    IN_ADDRESS,
    INTERNAL_SKILL,
    PRIVATE_SKILL,
    PROTOCOLS,
    PUBLIC_SKILL,
    Act,
    Of,
)
from tests.publishers.making import a_publisher
from tests.signing.making import sign_everything
from tests.sources.making import a_plan, a_source
from tests.usage.making import a_kept_call, keeps
from tests.web.test_matrix import FOREIGN, ROWS, measured

# Thousands of cells of the same few lines: counting which lines they reach would take as long again.
pytestmark = pytest.mark.no_cover

SOAK = bool(os.environ.get("SOAK"))
STEP = 1 if SOAK else 29
LET_IN, HIDDEN = 200, 404
HEADERS = {"Accept": "application/json, text/event-stream", "MCP-Protocol-Version": "2025-11-25"}
# Words of a private skill of the team crew and of an internal one of a team that nobody here is in.
PRIVATE, INTERNAL = b"zanzibar", b"hallmark"


@dataclass(frozen=True)
class Held:
    """A token: who holds it, its scopes, and the team it is limited to ("" for none)."""

    holder: str
    scopes: frozenset[str]
    team: str

    def __str__(self) -> str:
        return f"{self.holder}: {' '.join(sorted(self.scopes))} in {self.team or 'all teams'}"

    @property
    def is_whole(self) -> bool:
        return not self.team

    @property
    def is_in_crew(self) -> bool:
        return self.holder != "chief" and self.team in ("", "crew")

    @property
    def has_office(self) -> bool:
        return self.holder == "chief" and self.is_whole and Scope.ADMIN in self.scopes

    @property
    def sees_crew(self) -> bool:
        return Scope.READ in self.scopes and (self.is_in_crew or self.has_office)

    @property
    def sees_internal(self) -> bool:
        return Scope.READ in self.scopes and self.is_whole


# Of the three, `keeper` administers crew and second, `robot` is a service account of crew, and `chief` is
# staff and auditor and in no team but the personal one. LEAST is how many cells are asked of each.
TEAMS = {"keeper": ("", "crew", "second"), "robot": ("", "crew"), "chief": ("", "chief")}
LEAST = {"keeper": 900, "robot": 300, "chief": 600}
ROLES = {
    "keeper": {"member", "reviewer", "admin", "own_admin", "reader", "insider"},
    "robot": {"member", "reader"},
    "chief": set(),
}


def all_held(holder: str) -> list[Held]:
    # The scope models lets nothing at any of these addresses: it is held alone and beside all others.
    others = [scope for scope in Scope.values if scope != Scope.MODELS]
    scopes = [scope for scope in others if holder != "robot" or scope != Scope.REVIEW]
    subsets = [frozenset(some) for size in range(1, len(scopes) + 1) for some in combinations(scopes, size)]
    subsets += [frozenset({Scope.MODELS}), frozenset({Scope.MODELS, *scopes})]
    return [Held(holder, some, team) for team in TEAMS[holder] for some in subsets]


def expected(act: Act, held: Held) -> int:
    """What ACT answers to HELD: LET_IN, 403 or 404."""
    if act.always:
        return act.always
    of = Of.TEAM if act.kept_by_team and held.holder == "robot" else act.of
    sees = held.sees_internal if of is Of.ACCOUNT else held.sees_crew
    if act.finds and not sees:
        return 404
    if not act.needs <= held.scopes or (act.any_of and not act.any_of & held.scopes):
        return 403
    if of is Of.ACCOUNT and not held.is_whole:
        return act.refusal
    if act.person and held.holder == "robot":
        return 403
    if of is Of.INSTANCE and not held.has_office:
        return act.refusal
    by_role = held.is_in_crew and act.role in ROLES[held.holder]
    by_office = held.has_office and (act.role == "admin" or (act.role == "reader" and held.sees_crew))
    if act.role and not by_role and not by_office:
        return act.refusal
    return LET_IN


@dataclass(frozen=True)
class World:
    """What the acts of the table name."""

    people: dict[str, Account]
    facts: dict[str, object]

    def of(self, holder: str) -> dict[str, object]:
        """The same, with what belongs to one holder."""
        account = self.people[holder]
        wide, _ = create_token(actor=self._maker(holder), owner=account, name="wide", scopes=["read"])
        ticket = tickets.open_ticket(by=account, path="a", size=1, sha256="0" * 64)
        run = Run.objects.get(pk=self.facts["run"])
        model = PortfolioModel.objects.get(pk=self.facts["model"])
        draft = CaseDraft.objects.create(
            version=run.version, requested_by=account, source="skill", model=model
        )
        own = {
            "wide_token": wide.pk,
            "own_handle": account.username,
            "own_budget": budget_of(account=account).pk,
            "ticket": ticket.pk,
            "own_draft": draft.pk,
        }
        return self.facts | own

    def secret(self, held: Held, *, in_address: bool = False) -> str:
        teams = Team.objects.filter(handle=held.team)
        return create_token(
            actor=self._maker(held.holder),
            owner=self.people[held.holder],
            name="t",
            scopes=held.scopes,
            teams=teams,
            in_address=in_address,
        )[1]

    def _maker(self, holder: str):
        return actor(self.people["keeper" if holder == "robot" else holder])


@pytest.fixture
def world(db) -> World:
    keeper, author = a_person("keeper"), a_person("author")
    chief = a_person("chief", staff=True, auditor=True)
    crew = a_team("crew", admin=keeper, reviewer=author)
    a_team("second", admin=keeper)
    a_team("third", admin=author, reviewer=a_person("other"))
    robot = create_service(actor=actor(keeper), team=crew, handle="robot")
    secretly = {"description": "Says zanzibar. Use when quiet."}
    an_approved(author, keeper, crew, "quiet", content=files("quiet", **secretly))
    an_approved(author, keeper, crew, "open", wanted="public", content=files("open"))
    content = files_with_evals("quiet", cases=1, **secretly)
    draft = a_version(author, crew, "quiet", "2.0.0", content=content)
    remark = remarks.remark(actor=actor(author), version=draft, body="zanzibar")
    third = Team.objects.get(handle="third")
    hall = files("hall", description="A hallmark. Use when internal.")
    an_approved(author, Account.objects.get(username="other"), third, "hall", wanted="internal", content=hall)
    gone = an_approved(author, keeper, crew, "gone", content=files("gone"))
    access.remove(actor=actor(chief), version_id=gone.pk, reason="x")
    sign_everything()
    facts = measured(author, keeper, draft)
    facts |= {"denial": gone.denial.pk, "keyid": SigningKey.objects.first().keyid}
    source = a_source(keeper, crew)
    facts |= {"source": source.pk, "sync": a_plan(source).pk}
    facts["comment"] = remark.pk
    facts["publisher"] = a_publisher(keeper, crew).pk
    facts["alias"] = ModelAlias.objects.create(team=crew, name="fast", model_ids=[]).name
    keeps(crew)
    facts["kept_call"] = a_kept_call(author, crew).pk
    run = Run.objects.get(pk=facts["run"])
    shown = [case["key"] for case in run.cases if not case["hidden"]]
    facts["trial"] = Trial.objects.filter(run=run, case__in=shown).first().pk
    return World({"keeper": keeper, "chief": chief, "robot": robot}, facts)


def call(client: Client, act: Act, facts: dict, secret: str):
    """The answer to ACT with the token SECRET, and nothing changed afterwards."""
    path = act.path.format(**facts, secret=secret)
    headers = HEADERS if "{secret}" in act.path else {**HEADERS, "Authorization": f"Bearer {secret}"}
    if act.method in ("GET", "DELETE"):
        more = {}
    elif act.body == "zip":
        more = {"data": a_zip("fresh-name"), "content_type": "application/zip"}
    else:
        more = {"data": json.dumps(act.data), "content_type": "application/json"}
    with transaction.atomic():
        response = getattr(client, act.method.lower())(path, headers=headers, **more)
        transaction.set_rollback(True)
    return response


def faults(act: Act, held: Held, response, wanted: int) -> list[str]:
    """What is wrong with RESPONSE."""
    status = response.status_code
    is_refused = status in (401, 403, 404) or status >= 500
    got = status if is_refused else LET_IN
    found = [] if got == wanted else [f"{status} instead of {wanted}"]
    body = b"".join(response.streaming_content) if response.streaming else response.content
    sees, internal = held.sees_crew, held.sees_internal
    if PRIVATE in body and not sees:
        found.append("tells of the private skill")
    if INTERNAL in body and not internal:
        found.append("tells of the internal skill")
    if act.shows and wanted == LET_IN:
        reads = {PRIVATE_SKILL: sees, INTERNAL_SKILL: internal, PUBLIC_SKILL: True}
        listed = {name for name in act.shows if name.encode() in body}
        if listed != {name for name in act.shows if reads[name]}:
            found.append(f"lists {sorted(listed)}")
    return [f"{act} by {held}: {fault}" for fault in found]


def sample(acts: list[Act], held: list[Held]) -> list[tuple[Act, Held]]:
    """Every STEPth cell; each act begins elsewhere, so that all limits are met."""
    return [(act, one) for place, act in enumerate(acts) for one in held[place % STEP :: STEP]]


def cells_of(world: World, holder: str) -> list[tuple[Act, Held, str, int]]:
    """Act, token, its secret and the answer that the table expects."""
    held = all_held(holder)
    secrets = {one: world.secret(one) for one in held}
    cells = [(act, one, secrets[one], expected(act, one)) for act, one in sample([*API, *PROTOCOLS], held)]
    # A token of the header's kind opens no address; one made for addresses reads, whatever it is limited to.
    cells += [(act, one, secrets[one], HIDDEN) for act, one in sample(IN_ADDRESS, held)]
    for one in held:
        if one.scopes == {Scope.READ}:
            secret = world.secret(one, in_address=True)
            cells += [(act, one, secret, expected(act, one)) for act in IN_ADDRESS]
    return cells


@pytest.mark.parametrize("holder", TEAMS)
def test_every_token_may_exactly_what_the_table_says(holder, world):
    client, facts, cells = Client(), world.of(holder), cells_of(world, holder)

    found = []
    for act, one, secret, wanted in cells:
        found += faults(act, one, call(client, act, facts, secret), wanted)

    assert not found, f"{len(found)} of {len(cells)} cells are wrong\n" + "\n".join(found[:60])
    assert len(cells) >= LEAST[holder]


def patterns(of=None):
    for pattern in (of or get_resolver()).url_patterns:
        if isinstance(pattern, URLPattern):
            yield pattern
        else:
            yield from patterns(pattern)


def taking_tokens() -> set[str]:
    """The names of all routes but those of pages, which take none (`test_matrix.py`)."""
    names = {pattern.name or "" for pattern in patterns()}
    return {name for name in names if name not in ROWS and not name.startswith(FOREIGN)}


def test_every_route_that_takes_a_token_is_in_the_table():
    assert {act.route for act in (*API, *PROTOCOLS, *IN_ADDRESS)} == taking_tokens()


def test_every_method_that_is_answered_is_in_the_table(world):
    client, facts, acts = Client(), world.of("keeper"), [*API, *PROTOCOLS, *IN_ADDRESS]
    secret = world.secret(Held("keeper", frozenset(Scope.values), ""))
    prefix = world.secret(Held("keeper", frozenset({Scope.READ}), ""), in_address=True)
    known = {(act.route, act.method) for act in acts}
    places = {act.route: act for act in acts}

    answered = set()
    for route, act in places.items():
        for method in ALL_METHODS:
            asking = replace(act, method=method)
            response = call(client, asking, facts, prefix if act in IN_ADDRESS else secret)
            if response.status_code != 405:
                answered.add((route, method))

    assert answered == known


TOOLS = [
    (reading.load_skill, {"name": "crew/quiet"}),
    (reading.read_file, {"name": "quiet", "path": "SKILL.md"}),
]


@pytest.mark.parametrize("holder", TEAMS)
def test_tools_of_agents_read_what_the_token_reads(holder, world):
    """Below the wire, because the server reads in threads that do not see the rows of a test."""
    for held in all_held(holder):
        asking = actor_for_token(find_token(world.secret(held)))
        listed = {entry["frontmatter"]["name"] for entry in reading.page_of_skills(asking, "")[0]}
        hits = reading.search_skills(asking, {"query": "quiet hall open"})["results"]
        seen = {"open": True, "quiet": held.sees_crew, "hall": held.sees_internal}
        wanted = {name for name, is_seen in seen.items() if is_seen}
        assert listed == wanted, str(held)
        assert {hit["name"].partition("/")[2] for hit in hits} == wanted, str(held)
        for tool, arguments in TOOLS:
            if held.sees_crew:
                assert "zanzibar" in tool(asking, arguments)
            else:
                with pytest.raises(Missing):
                    tool(asking, arguments)
