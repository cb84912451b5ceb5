"""Reports over a year of calls: pages, lists, a budget's page, and all calls as CSV.

REPORT_CALLS says how many calls there are, 10 million unless it does: that takes 15 GB of disk.
"""

import os
import statistics
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bench.report import Figure
from bench.serving import Server
from bench.sizes import copies, megabytes, seconds

if TYPE_CHECKING:
    from skills.people.models import Account, Team

CALLS = int(os.environ.get("REPORT_CALLS", "10_000_000"))
PEOPLE, TEAMS = 200, 20
ASKED = 7
LIMIT = 0.3  # seconds, of a page
LEAST_ROWS = 50_000  # a second, of the CSV
MOST_GROWN = 50  # MB, of the web processes while they send it
# A session has twenty calls; its person, their two agents, two models and a handful of skills are as of
# people at work, so that a day has some thousand rows of sums and not one for each call.
_CALLS = """
insert into skills_hold
    (id, periods, account_id, team_id, token_id, agent, session, run_id, request_id, skill_id, version_id,
     model, role, tokens, micros, state, used_tokens, used_micros, input_tokens, cached_tokens,
     written_tokens, output_tokens, sent_bytes, tokenizer, created_at, expires_at, ended_at)
select gen_random_uuid(), array[%(periods)s[1 + month]], %(people)s[1 + who], %(teams)s[1 + who %% 20],
    null, (array['claude-code', 'codex', 'openclaw', 'gemini-cli'])[1 + (who + session %% 2) %% 4],
    case when session %% 10 > 0 then 'session-' || session else '' end,
    case when session %% 10 = 0 then session end, 'req_' || n, skill, skill_version,
    'model-' || (who + session %% 2) %% 10, case when session %% 10 = 0 then 'candidate' else 'work' end,
    4000, 3000, case when n %% 1000 = 0 then 'lost' else 'settled' end, 900 + n %% 3000, 500 + n %% 2000,
    300, 500 + n %% 3000, 0, 100, null, '', at, at, at
from (
    select n, n / 20 as session, (n / 20 * 7919) %% 200 as who, (12 * n / %(calls)s)::int as month,
        %(since)s::timestamptz + n * interval '365 days' / %(calls)s as at
    from generate_series(%(first)s::bigint, %(last)s::bigint) as n
) as call
left join lateral (
    select chosen as skill, %(versions)s[place] as skill_version
    from (select 1 + (who * 31 + session %% 5 * 7) %% 300 as place) as places,
        lateral (select %(skills)s[place] as chosen) as choice
    where session %% 3 > 0
) as of_skill on true
"""
_ENTRIES = """
insert into skills_ledgerentry
    (period_id, hold_id, kind, tokens, micros, input_tokens, cached_tokens, written_tokens, output_tokens,
     model, role, run_id, skill_id, note, at)
select periods[1], id, case state when 'lost' then 'lost' else 'settle' end, used_tokens, used_micros,
    input_tokens, cached_tokens, written_tokens, output_tokens, model, role, run_id, skill_id, '', ended_at
from skills_hold
"""
_AT_ONCE = 500_000


def fill() -> dict[str, str]:
    """A year of calls; returns the cookies of staff and of one person."""
    from django.db import connection

    from skills.catalog.models import Skill, Version
    from skills.flows.release import release_imported, submit
    from skills.lib.clock import now
    from skills.people.actor import actor_for_session
    from tests.factories import a_person, a_team, an_upload, files

    boss = a_person("reports-boss", staff=True)
    teams = [a_team(f"reports-{number}", admin=boss) for number in range(TEAMS)]
    people = _people(teams)
    upload = an_upload(boss, files("reports-first"))
    version, _ = submit(
        actor=actor_for_session(boss), team=teams[0], upload=upload, number="1.0.0", wanted="public"
    )
    release_imported(version_id=version.pk, by=boss)
    version.refresh_from_db()
    copies(version)
    skills = list(Skill.objects.filter(team=teams[0]).order_by("pk").values_list("pk", flat=True)[:300])
    of_skill = dict(Version.objects.filter(skill__in=skills).order_by("pk").values_list("skill", "pk"))
    since = now() - timedelta(days=365)
    values = {
        "calls": CALLS,
        "since": since,
        "periods": _periods(since),
        "people": [person.pk for person in people],
        "teams": [team.pk for team in teams],
        "skills": skills,
        "versions": [of_skill[skill] for skill in skills],
    }
    with connection.cursor() as cursor:
        # What the triggers would write is made from the calls afterwards, as an upgrade makes it.
        cursor.execute("alter table skills_hold disable trigger user")
        for first in range(0, CALLS, _AT_ONCE):
            last = min(first + _AT_ONCE, CALLS) - 1
            cursor.execute(_CALLS, values | {"first": first, "last": last})
        cursor.execute("alter table skills_hold enable trigger user")
        cursor.execute(_ENTRIES)
    return {name: _cookie(who) for name, who in (("boss", boss), ("person", people[0]))}


def _periods(since: datetime) -> list[int]:
    """The twelve months of the instance's budget; the last one runs."""
    from skills.budgets.allowances import budget_of
    from skills.budgets.models import Period
    from skills.budgets.periods import current

    budget, length = budget_of(), timedelta(days=365 / 12)
    starts = [since + length * month for month in range(11)]
    earlier = [Period(budget=budget, starts_at=start, ends_at=start + length) for start in starts]
    return [period.pk for period in [*Period.objects.bulk_create(earlier), current(budget)]]


def _people(teams: "list[Team]") -> "list[Account]":
    """All at once: they sign in by no password, and a password takes a second to hash."""
    from skills.people.models import Account, Membership

    names = (f"reports-person-{number}" for number in range(PEOPLE))
    people = Account.objects.bulk_create(
        Account(username=name, email=f"{name}@example.org") for name in names
    )
    Membership.objects.bulk_create(
        Membership(account=person, team=teams[place % TEAMS], role="member")
        for place, person in enumerate(people)
    )
    return people


def _cookie(account: "Account") -> str:
    from django.test import Client

    client = Client()
    client.force_login(account)
    return f"sessionid={client.cookies['sessionid'].value}"


def roll_up() -> Figure:
    """All sums anew, as after an upgrade."""
    from django.db import connection

    from skills.budgets import rollup
    from skills.budgets.spending_models import CallGroup, Spending

    started = time.perf_counter()
    rollup.rebuild()
    rollup.roll_up()
    took = time.perf_counter() - started
    with connection.cursor() as cursor:
        cursor.execute("vacuum analyze skills_hold, skills_spending, skills_callgroup, skills_ledgerentry")
    sums = f"{Spending.objects.count():,} rows of days and months, {CallGroup.objects.count():,} of sessions"
    return Figure(
        f"sums of {CALLS:,} calls made anew, through 10,000 calls/s",
        CALLS / took / 10_000,
        least=1,
        note=f"{took:.0f} s, {sums}",
    )


def pages(root: str, cookies: dict[str, str]) -> list[Figure]:
    from skills.budgets.allowances import budget_of

    everybody, team = "/spending/everybody/", "/spending/teams/reports-0/"
    asked = {
        "the instance, 30 days by model": ("boss", everybody),
        "the instance, 92 days by person": ("boss", f"{everybody}?days=92&by=person"),
        "the instance, a year by skill": ("boss", f"{everybody}?days=365&by=skill"),
        "the instance, a year by version of one agent": (
            "boss",
            f"{everybody}?days=365&by=version&agent=codex",
        ),
        "a team, a year by person": ("boss", f"{team}?days=365&by=person"),
        "a person, 30 days": ("person", "/spending/"),
        "sessions of the instance": ("boss", f"{everybody}calls/"),
        "runs of the instance, a year": ("boss", f"{everybody}calls/?list=runs&days=365"),
        "calls of the instance, a year": ("boss", f"{everybody}calls/?list=calls&days=365"),
        "calls of one model, a year": ("boss", f"{everybody}calls/?list=calls&days=365&model=model-3"),
        "the budget of the instance": ("boss", f"/budgets/{budget_of().pk}/"),
        "everybody's budgets": ("boss", "/budgets/people/"),
    }
    return [_page(name, root + path, cookies[who]) for name, (who, path) in asked.items()]


def _page(name: str, url: str, cookie: str) -> Figure:
    first, *turns = [seconds(url, {"Cookie": cookie})[1] for _ in range(ASKED + 1)]
    value = statistics.median(turns)
    return Figure(
        f"{name}, through {LIMIT * 1000:.0f} ms",
        value / LIMIT,
        most=1,
        note=f"{value * 1000:.0f} ms, the first time {first * 1000:.0f} ms",
    )


def table(server: Server, url: str, cookie: str) -> list[Figure]:
    """All calls as CSV: how fast, and what the web processes grow by meanwhile."""
    seconds(f"{url}&days=1", {"Cookie": cookie})
    rows = 0
    started = time.perf_counter()
    with growth(server) as grown:
        request = urllib.request.Request(f"{url}&days=400", headers={"Cookie": cookie})
        with urllib.request.urlopen(request) as answer:
            while piece := answer.read(1 << 20):
                rows += piece.count(b"\n")
    took = time.perf_counter() - started
    return [
        Figure(
            f"rows a second of the CSV, through {LEAST_ROWS:,}",
            rows / took / LEAST_ROWS,
            least=1,
            note=f"{rows / took:,.0f} rows/s, {rows:,} rows in {took:.1f} s",
        ),
        Figure(
            f"memory of the web processes at most, through {MOST_GROWN} MB",
            max(grown) / MOST_GROWN,
            most=1,
            note=f"{max(grown):+.1f} MB, at the end {grown[-1]:+.1f} MB",
        ),
    ]


@contextmanager
def growth(server: Server) -> Iterator[list[float]]:
    """Megabytes by which the web processes have grown, twice a second."""
    before, grown, done = megabytes(server), [0.0], threading.Event()

    def look() -> None:
        while not done.wait(0.5):
            grown.append(megabytes(server) - before)

    looking = threading.Thread(target=look)
    looking.start()
    try:
        yield grown
    finally:
        done.set()
        looking.join()


def measure() -> list[Figure]:
    cookies = fill()
    found = [roll_up()]
    server = Server()
    try:
        root = f"http://127.0.0.1:{server.port}"
        found += pages(root, cookies)
        found += table(server, f"{root}/spending/everybody/calls/?format=csv", cookies["boss"])
    finally:
        server.stop()
    return found
