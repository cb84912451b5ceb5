"""Lists of budgets for staff, defaults, and setting many at once by selection or CSV."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from skills.audit.models import Event
from skills.budgets import allowances, settle
from skills.budgets.models import Budget, DefaultBudget
from skills.budgets.settle import Usage
from skills.people.teams import create_service
from skills.people.tokens import create_token
from tests.budgets.making import hold, set_limits
from tests.factories import a_person, a_team, actor
from tests.pages import outcome, words_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss(db):
    return a_person("boss", staff=True)


@pytest.fixture
def admin(client, boss):
    client.force_login(boss)
    return client


def limit_of(account) -> int | None:
    return allowances.budget_of(account=account).limit_tokens


def preview(client, text: str):
    return client.post("/budgets/people/change/", {"text": text})


def confirm(client, text: str, digest: str):
    return client.post("/budgets/people/change/", {"text": text, "digest": digest})


def test_people_are_found_by_name_and_team_with_what_is_spent_and_left(
    admin, boss, owner, mate, stranger, team
):
    set_limits(boss, allowances.budget_of(account=mate), limit_tokens=100)
    settle.settle(hold(team, mate, 30), Usage(30), None)

    everybody = admin.get("/budgets/people/").context["rows"]
    of_team = admin.get("/budgets/people/?team=crew").context["rows"]
    (found,) = admin.get("/budgets/people/?q=MAT").context["rows"]

    assert [row.owner.username for row in everybody] == ["boss", "mate", "owner", "stranger"]
    assert [row.owner.username for row in of_team] == ["mate", "owner"]
    assert (found.period.spent_tokens, found.period.left_tokens) == (30, 70)
    assert admin.get("/budgets/people/?q=nobody").context["rows"] == []


@pytest.mark.parametrize("page", ["people", "teams"])
def test_a_board_costs_the_same_for_one_and_three_rows(
    page, admin, owner, team, django_assert_max_num_queries
):
    def queries() -> int:
        with django_assert_max_num_queries(40) as counted:
            admin.get(f"/budgets/{page}/")
        return len(counted)

    queries()  # what a process looks up once
    few = queries()
    for name in ("ada", "bob", "eve"):
        a_team(f"{name}-team", admin=a_person(name))

    assert queries() == few


def test_a_csv_is_shown_before_anything_changes_and_then_set(admin, owner, mate):
    text = "person,tokens,dollars,period,stop\nowner,5000,2.50,week,yes\nMATE@example.org,none,,month,no\n"

    plan = preview(admin, text).context["plan"]
    assert [(line.account.username, line.after.limit_tokens) for line in plan.changes] == [
        ("owner", 5000),
        ("mate", None),
    ]
    assert limit_of(owner) is None
    answer = confirm(admin, text, plan.digest)

    assert outcome(answer)[2] == [("ok", "The budgets are set.")]
    mine, other = allowances.budget_of(account=owner), allowances.budget_of(account=mate)
    assert (mine.limit_tokens, mine.limit_micros, mine.window) == (5000, 2_500_000, "week")
    assert (other.limit_tokens, other.hard, other.follows_default) == (None, False, False)
    assert Event.objects.filter(act="budget.limits").count() == 2


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        (" ", 1, "does not name the columns"),
        ("name,tokens\nowner,5", 1, "does not name the columns"),
        ("person,tokens\n", 1, "There is nobody in it"),
        ("person,tokens\nowner,5\nghost,5", 3, "nobody called ghost"),
        ("person,tokens\nowner,5\nOwner,6", 3, "stands in line 2 already"),
        ("person,tokens\nowner,5\nowner@example.org,6", 3, "by another name"),
        ("person,tokens\nowner,many", 2, "cannot be read under tokens"),
        ("person,tokens\nowner,-1", 2, "cannot be read under tokens"),
        ("person,dollars\nowner,NaN", 2, "cannot be read under dollars"),
        ("person,dollars\nowner,1e400000", 2, "cannot be read under dollars"),
        ("person,period\nowner,year", 2, "no period"),
        ("person,stop\nowner,maybe", 2, "cannot be read under stop"),
        ("person,tokens\nowner,5,6", 2, "more or fewer values"),
        ("person,tokens\n,5", 2, "names no person"),
        ('person,tokens\n"owner,5', 2, "no CSV"),
        ("person,tokens\nowner\x01,5", 2, "nobody called"),
    ],
)
def test_a_csv_with_a_mistake_names_its_line_and_changes_nothing(text, line, words, admin, owner):
    answer = preview(admin, text)

    plan = answer.context["plan"]
    assert answer.status_code == 400
    assert [(one.line, words in one.text) for one in plan.problems] == [(line, True)]
    confirm(admin, text, plan.digest)
    assert limit_of(owner) is None


def test_a_file_is_read_and_one_that_is_no_text_is_refused(admin, owner):
    good = SimpleUploadedFile("b.csv", b"\xef\xbb\xbfperson,tokens\r\nowner,7\r\n")
    bad = SimpleUploadedFile("b.csv", b"person,tokens\n\xff\x00owner,7")

    assert len(admin.post("/budgets/people/change/", {"file": good}).context["plan"].changes) == 1
    assert admin.post("/budgets/people/change/", {"file": bad}).status_code == 400


def test_a_plan_that_has_changed_since_is_shown_again(admin, boss, owner):
    text = "person,tokens\nowner,5"
    digest = preview(admin, text).context["plan"].digest
    set_limits(boss, allowances.budget_of(account=owner), limit_tokens=9)

    answer = confirm(admin, text, digest)

    assert "Budgets have changed meanwhile" in " ".join(words_of(answer.content))
    assert limit_of(owner) == 9


def test_everybody_whom_a_search_finds_is_set_together(admin, owner, mate, stranger, team):
    form = {"all": "1", "q": "", "team": "crew", "tokens": "1,000", "dollars": "", "period": "day"}

    shown = admin.post("/budgets/people/change/", form)
    confirm(admin, shown.context["text"], shown.context["plan"].digest)

    assert [limit_of(person) for person in (owner, mate, stranger)] == [1000, 1000, None]


def test_staff_set_and_remove_a_default(admin, owner):
    form = {"whom": "everyone", "window": "month", "limit_tokens": "100", "marks": "90", "hard": "on"}

    admin.post("/budgets/defaults/", form)
    assert "100 tokens" in " ".join(words_of(admin.get("/budgets/defaults/").content))
    assert limit_of(owner) == 100
    admin.post("/budgets/defaults/", {"whom": "everyone", "what": "remove"})

    assert not DefaultBudget.objects.exists()
    assert limit_of(owner) is None
    answer = admin.post("/budgets/defaults/", form | {"whom": "robots"})
    assert outcome(answer)[2][-1][0] == "bad"


@pytest.mark.parametrize("part", ["member:mate", "model:large", "each:session", "each:run"])
def test_an_admin_of_the_team_divides_its_budget(part, client, owner, mate, team):
    client.force_login(owner)
    whole = allowances.budget_of(team=team)

    answer = client.post(f"/budgets/{whole.pk}/parts/", {"part": part})
    client.post(answer["Location"] + "limits/", {"window": "month", "limit_tokens": "5", "hard": "on"})

    share = Budget.objects.exclude(pk=whole.pk).get(team=team)
    assert (answer["Location"], share.limit_tokens) == (f"/budgets/{share.pk}/", 5)
    assert client.get(f"/budgets/{whole.pk}/").context["parts"][0][0] == share


@pytest.mark.parametrize(
    "part", ["", "member:stranger", "member:ghost", "model:", "each:day", "token:1", f"model:{'x' * 61}"]
)
def test_what_is_no_part_is_refused(part, client, owner, stranger, team):
    client.force_login(owner)
    whole = allowances.budget_of(team=team)

    answer = client.post(f"/budgets/{whole.pk}/parts/", {"part": part})

    assert outcome(answer)[2][0][0] == "bad"
    assert Budget.objects.filter(team=team).count() == 1


def test_everybody_finds_their_own_budget_and_nobody_elses(client, owner, mate, team):
    client.force_login(mate)

    assert (
        client.get("/people/mate/budget/")["Location"] == f"/budgets/{allowances.budget_of(account=mate).pk}/"
    )
    assert client.get("/people/owner/budget/").status_code == 404
    assert client.get("/@crew/-/budget/")["Location"] == f"/budgets/{allowances.budget_of(team=team).pk}/"


def test_an_admin_gives_each_token_of_a_service_account_a_budget(client, owner, mate, team):
    robot = create_service(actor=actor(owner), team=team, handle="robot")
    token, _ = create_token(actor=actor(owner), owner=robot, name="nightly", scopes=["models"])
    client.force_login(owner)

    made = client.post("/@crew/-/services/robot/budget/", {"token": token.pk})
    page = client.get("/@crew/-/services/robot/").content.decode()
    missing = outcome(client.post("/@crew/-/services/robot/budget/", {"token": "999999"}))

    assert client.get(made.url).status_code == 200
    assert f'href="{made.url}">nightly</a>' in page
    assert "There is no such token" in str(missing)
    client.force_login(mate)
    assert client.get(made.url).status_code == 200
    assert client.post(f"{made.url}limits/", {"window": "month"}).status_code == 403
