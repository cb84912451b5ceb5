"""Budget pages: what is shown to whom, and what the forms of limits, grants and corrections do."""

import csv
import io
import uuid

import pytest

from skills.audit.models import Event
from skills.budgets import allowances, reserve, rollup, settle
from skills.budgets.models import EntryKind, LedgerEntry, Period
from skills.budgets.reserve import Call, Caller
from skills.budgets.settle import Usage
from tests.budgets.making import set_limits
from tests.factories import a_person, actor, an_approved
from tests.pages import outcome

pytestmark = pytest.mark.django_db
LIMITS = {
    "window": "month",
    "limit_tokens": "1000",
    "limit_dollars": "2.5",
    "marks": "50, 80",
    "hard": "on",
}
GRANT = {"tokens": "500", "dollars": "0.25", "note": "A big release."}


@pytest.fixture
def budget(team):
    return allowances.budget_of(team=team)


@pytest.fixture
def admin(client, owner, budget):
    client.force_login(owner)
    return client


@pytest.fixture
def limited(budget, owner):
    """A thousand tokens and two and a half dollars a month."""
    set_limits(owner, budget, limit_tokens=1000, limit_micros=2_500_000)


def a_hold(team, account, tokens=600, micros=300, **facts):
    periods = reserve.charged(team_id=team.pk, account_id=account.pk)
    return reserve.reserve(
        periods, Call(model="large", role="candidate", tokens=tokens, micros=micros, **facts)
    )


def limits_of(budget):
    budget.refresh_from_db()
    return budget.window, budget.limit_tokens, budget.limit_micros, budget.marks, budget.hard


def test_the_list_shows_ones_own_budget_and_those_of_ones_teams(admin, team, stranger):
    owners = [standing.budget.owner for standing in admin.get("/budgets/").context["standings"]]

    assert owners == ["owner", "the team crew"]


@pytest.mark.parametrize("office", [{"staff": True}, {"auditor": True}])
def test_the_list_begins_with_the_instance_for_staff_and_auditors(office, client):
    client.force_login(a_person("boss", **office))

    owners = [standing.budget.owner for standing in client.get("/budgets/").context["standings"]]

    assert owners == ["the instance", "boss"]


def test_a_foreign_budget_does_not_exist(client, stranger, budget):
    client.force_login(stranger)

    for answer in (
        client.get(f"/budgets/{budget.pk}/"),
        client.get(f"/budgets/{budget.pk}/?format=csv"),
        client.post(f"/budgets/{budget.pk}/limits/", LIMITS),
        client.post(f"/budgets/{budget.pk}/grant/", GRANT),
        client.get("/budgets/999999/"),
    ):
        assert answer.status_code == 404
    assert limits_of(budget)[1] is None


def test_a_member_reads_a_budget_and_may_not_change_it(client, mate, budget):
    client.force_login(mate)

    assert client.get(f"/budgets/{budget.pk}/").context["may_manage"] is False
    assert client.post(f"/budgets/{budget.pk}/limits/", LIMITS).status_code == 403
    assert client.post(f"/budgets/{budget.pk}/grant/", GRANT).status_code == 403
    assert limits_of(budget)[1] is None


def test_nobody_but_staff_sets_the_limits_of_a_person(client, owner):
    mine = allowances.budget_of(account=owner)
    client.force_login(owner)
    assert client.post(f"/budgets/{mine.pk}/limits/", LIMITS).status_code == 403

    client.force_login(a_person("boss", staff=True))

    assert client.post(f"/budgets/{mine.pk}/limits/", LIMITS).status_code == 302
    assert limits_of(mine)[1] == 1000


def test_limits_are_set_in_tokens_and_dollars(admin, budget):
    answer = admin.post(f"/budgets/{budget.pk}/limits/", LIMITS)

    assert outcome(answer) == (302, f"/budgets/{budget.pk}/", [("ok", "The limits are set.")])
    assert limits_of(budget) == ("month", 1000, 2_500_000, [50, 80], True)
    initial = admin.get(f"/budgets/{budget.pk}/").context["limits"].initial
    assert (initial["limit_tokens"], initial["limit_dollars"], initial["hard"]) == (1000, 2.5, True)


def test_empty_limits_are_none_and_no_tick_only_warns(admin, budget):
    admin.post(f"/budgets/{budget.pk}/limits/", LIMITS)

    admin.post(f"/budgets/{budget.pk}/limits/", {"window": "none", "marks": "100"})

    assert limits_of(budget) == ("none", None, None, [100], False)
    change = Event.objects.filter(act="budget.limits").latest("pk").detail
    assert (change["before"]["limit_tokens"], change["after"]["limit_tokens"]) == (1000, None)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("window", "year"),
        ("window", ""),
        ("limit_tokens", "-1"),
        ("limit_tokens", str(10**15 + 1)),
        ("limit_tokens", "1.5"),
        ("limit_dollars", "-0.000001"),
        ("limit_dollars", "0.0000001"),
        ("limit_dollars", str(10**9 + 1)),
        ("limit_dollars", "NaN"),
        ("marks", "0"),
        ("marks", "50, 101"),
        ("marks", "half"),
        ("time_zone", "Mars/Olympus"),
        ("starts_on", "29"),
    ],
)
def test_limits_that_cannot_be_are_told_by_field_and_nothing_changes(field, value, admin, budget):
    before = limits_of(budget)

    answer = admin.post(f"/budgets/{budget.pk}/limits/", LIMITS | {field: value})

    (status, where, ((level, words),)) = outcome(answer)
    assert (status, where, level) == (302, f"/budgets/{budget.pk}/", "bad")
    assert words.startswith(f"{field}: ")
    assert limits_of(budget) == before
    assert not Event.objects.filter(act="budget.limits").exists()


@pytest.mark.parametrize(
    ("field", "value", "stored"),
    [
        ("limit_tokens", "0", (0, 2_500_000)),
        ("limit_tokens", str(10**15), (10**15, 2_500_000)),
        ("limit_dollars", "0.000001", (1000, 1)),
        ("limit_dollars", str(10**9), (1000, 10**15)),
    ],
)
def test_limits_at_their_very_edge_are_taken(field, value, stored, admin, budget):
    admin.post(f"/budgets/{budget.pk}/limits/", LIMITS | {field: value})

    assert limits_of(budget)[1:3] == stored


def test_a_grant_raises_the_limits_of_this_period_only(admin, budget, limited):
    answer = admin.post(f"/budgets/{budget.pk}/grant/", GRANT)

    assert outcome(answer) == (302, f"/budgets/{budget.pk}/", [("ok", "Granted for this period.")])
    period = Period.objects.get(budget=budget)
    assert (period.limit_tokens, period.limit_micros) == (1500, 2_750_000)
    assert limits_of(budget)[1:3] == (1000, 2_500_000)
    entry = LedgerEntry.objects.get()
    assert (entry.kind, entry.tokens, entry.micros, entry.actor.username, entry.note) == (
        EntryKind.GRANT,
        500,
        250_000,
        "owner",
        "A big release.",
    )


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"note": ""}, "note: This field is required."),
        ({"tokens": "-1"}, "tokens: Ensure this value is greater than or equal to 0."),
        ({"tokens": "", "dollars": ""}, "A grant is a positive number of tokens or of money."),
        ({"tokens": "0", "dollars": "0"}, "A grant is a positive number of tokens or of money."),
    ],
)
def test_a_grant_needs_an_amount_and_a_reason(change, words, admin, budget, limited):
    answer = admin.post(f"/budgets/{budget.pk}/grant/", GRANT | change)

    assert outcome(answer)[2] == [("bad", words)]
    assert not LedgerEntry.objects.exists()


def test_there_is_nothing_to_raise_where_nothing_is_limited(admin, budget):
    answer = admin.post(f"/budgets/{budget.pk}/grant/", GRANT)

    assert outcome(answer)[2] == [("bad", "There is no such limit to raise. Set a limit first.")]
    assert not LedgerEntry.objects.exists()


def test_a_budget_page_shows_spending_by_day_model_and_skill(admin, budget, owner, mate, team):
    skill = an_approved(owner, mate, team).skill
    caller = Caller(team_id=team.pk, account_id=owner.pk)
    settle.settle(a_hold(team, owner, skill_id=skill.pk, caller=caller), Usage(100, 20, 30), 7)
    rollup.roll_up()

    page = admin.get(f"/budgets/{budget.pk}/")

    spent = page.context["spent"]
    assert [(part.key, part.amount.tokens, part.amount.cost) for part in spent["models"]] == [
        ("large", 150, 7)
    ]
    assert [(name, amount.tokens) for name, amount in spent["skills"]] == [("crew/greet-people", 150)]
    assert len(spent["bars"]) == 30
    assert "greet-people" in page.content.decode()


def test_the_ledger_downloads_as_csv_oldest_first(admin, budget, owner, team):
    grant = {"tokens": 500, "micros": 0, "note": "=1+1"}
    set_limits(owner, budget, limit_tokens=1000)
    allowances.grant(actor=actor(owner), budget=budget, **grant)
    settle.settle(a_hold(team, owner, micros=None), Usage(100, 20, 30), None)

    answer = admin.get(f"/budgets/{budget.pk}/?format=csv")
    rows = list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode())))

    assert answer["Content-Disposition"] == 'attachment; filename="ledger.csv"'
    assert [(row["kind"], row["tokens"], row["micros"], row["actor"], row["note"]) for row in rows] == [
        ("grant", "500", "0", "owner", "'=1+1"),
        ("settle", "150", "unknown", "", ""),
    ]
    assert (rows[1]["input"], rows[1]["cached"], rows[1]["output"]) == ("100", "20", "30")


def test_staff_correct_a_lost_call_once(client, owner, team, budget):
    hold = a_hold(team, owner)
    settle.lose(hold, "the worker died")
    client.force_login(a_person("boss", staff=True))
    address = f"/budgets/holds/{hold}/adjust/"

    answer = client.post(address, {"tokens": "150", "note": "As billed."})

    assert outcome(answer) == (302, "/budgets/", [("ok", "Corrected.")])
    assert Period.objects.get(budget=budget).spent_tokens == 150
    again = client.post(address, {"tokens": "150", "note": "As billed."})
    assert outcome(again)[2][-1][0] == "bad"
    assert Period.objects.get(budget=budget).spent_tokens == 150


@pytest.mark.parametrize("tokens", ["", "many", "-1", "601", "9" * 5000, "²", "1.0"])
def test_a_correction_that_makes_no_sense_is_refused_in_words(tokens, client, owner, team, budget):
    hold = a_hold(team, owner)
    settle.lose(hold, "the worker died")
    client.force_login(a_person("boss", staff=True))

    answer = client.post(f"/budgets/holds/{hold}/adjust/", {"tokens": tokens, "note": "As billed."})

    assert outcome(answer)[2] == [("bad", "The call held 600 tokens; it cannot have used more.")]
    assert Period.objects.get(budget=budget).spent_tokens == 600


def test_a_correction_is_for_staff_and_of_a_call_that_was_held(admin, client, owner, team):
    hold = a_hold(team, owner)
    settle.lose(hold, "the worker died")
    assert admin.post(f"/budgets/holds/{hold}/adjust/", {"tokens": "1", "note": "x"}).status_code == 403

    client.force_login(a_person("boss", staff=True))

    assert client.post(f"/budgets/holds/{uuid.uuid4()}/adjust/", {"tokens": "1"}).status_code == 404


def test_staff_correct_all_lost_calls_of_a_run_at_once(client, owner, team, budget):
    for _ in range(3):
        settle.lose(a_hold(team, owner, run_id=7), "The run was stopped while the call was under way.")
    client.force_login(a_person("boss", staff=True))

    assert b"All 3 of" in client.get(f"/budgets/{budget.pk}/").content
    answer = client.post(f"/budgets/{budget.pk}/lost/7/", {"tokens": "200", "note": "As billed."})

    assert outcome(answer)[2] == [("ok", "Corrected.")]
    assert Period.objects.get(budget=budget).spent_tokens == 200
