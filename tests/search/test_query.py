"""Search by words: names first, OR, prefix, typos, snippets, facets, cursors."""

import pytest

from skills.lib.clock import now
from skills.lib.errors import Refused
from skills.people.actor import VISITOR
from skills.search.passages import forget_live
from skills.search.query import START, STOP, Filters, search
from tests.factories import actor, an_approved, skill_md


def names(text: str, who=VISITOR, **more) -> list[str]:
    return [hit.skill.name for hit in search(who, text, **more).hits]


def test_the_exact_name_comes_first_then_names_that_start_so(shelf):
    assert names("invoice") == ["invoice", "invoice-triage", "meeting-minutes"]
    assert names("Invoice Triage")[0] == "invoice-triage"
    assert names("crew/invoice")[0] == "invoice"


def test_one_more_word_does_not_empty_the_result(shelf):
    assert "sql-review" in names("slow database query zeppelin")


def test_a_word_may_be_cut_short(shelf):
    assert names("minu") == ["meeting-minutes"]


def test_typos_are_mended_and_said(shelf):
    answer = search(VISITOR, "meetng minutse")

    assert answer.hits[0].skill.name == "meeting-minutes"
    assert answer.corrections == {"meetng": "meeting", "minutse": "minutes"}


def test_corrections_come_from_what_one_may_read(shelf, owner):
    assert search(VISITOR, "payrol").corrections == {}
    assert search(actor(owner), "payrol").hits[0].skill.name == "payroll-secrets"


def test_the_body_is_searched_and_the_words_are_marked(shelf):
    hit = search(VISITOR, "supplier").hits[0]

    assert f"{START}supplier{STOP}" in hit.snippet
    assert hit.reason == "matches supplier"


def test_facets_count_what_one_may_read(shelf, owner):
    facets = search(VISITOR, "", with_facets=True).facets
    assert facets["team"] == [("crew", 4)]
    assert facets["tag"] == [("finance", 2), ("writing", 2), ("database", 1)]
    assert facets["tool"] == [("Grep", 4), ("Read", 4)]
    month = f"{now():%Y-%m}"
    assert facets["updated"] == [(month, 4)] and facets["model"] == []
    assert len(search(VISITOR, "", filters=Filters(updated=month)).hits) == 4
    assert search(VISITOR, "", filters=Filters(updated="1999-01")).hits == []

    assert search(actor(owner), "", with_facets=True).facets["team"] == [("crew", 5)]


def test_filters_narrow(shelf):
    assert names("", filters=Filters(tag="writing"), sort="name") == ["invoice", "meeting-minutes"]
    assert names("", filters=Filters(tool="Bash")) == []


@pytest.mark.parametrize("text", ["", "invoice minutes query"])
def test_cursors_walk_through_everything_once(text, shelf):
    seen, cursor = [], ""
    while True:
        answer = search(VISITOR, text, size=1, cursor=cursor)
        seen += [hit.skill.name for hit in answer.hits]
        cursor = answer.next
        if not cursor:
            break

    assert sorted(seen) == sorted(names(text, size=50))


@pytest.mark.parametrize(
    "text",
    [
        "'",
        "a & b | !c",
        "<->",
        "%",
        "\\",
        ":*",
        "' or 1=1 --",
        "☃",
        "日本語 のスキル",
        "x" * 900,
        "()",
        "\x01",
    ],
)
def test_odd_input_is_just_text(text, shelf):
    assert search(VISITOR, text).total >= 0


@pytest.mark.parametrize("bad", [{"cursor": "x"}, {"cursor": "WzEsMl0"}, {"sort": "random"}])
def test_bad_parameters_are_refused(bad, shelf):
    with pytest.raises(Refused):
        search(VISITOR, "", **bad)


def test_an_approved_version_is_found_in_the_same_transaction(owner, mate, team):
    an_approved(
        owner,
        mate,
        team,
        "new-thing",
        wanted="public",
        content={"SKILL.md": skill_md("new-thing", body="xylophone").encode()},
    )

    assert names("xylophone") == ["new-thing"]


def test_a_search_costs_the_same_number_of_queries_for_one_and_three(
    owner, mate, team, django_assert_max_num_queries
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counts = []
    for name in ("first-skill", "second-skill", "third-skill"):
        an_approved(owner, mate, team, name, wanted="public")
        forget_live()
        with CaptureQueriesContext(connection) as captured:
            search(VISITOR, "skill", with_facets=True)
        counts.append(len(captured))

    assert counts[0] == counts[2]
