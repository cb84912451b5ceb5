"""Which names may be taken for each other: by their look, or by a slip of a finger."""

import pytest

from skills.lib.near_names import NameIndex, looks_like, near


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("finanace", "finance"),
        ("finace", "finance"),
        ("fiannce", "finance"),
        ("finances", "finance"),
        ("f1nance", "finance"),
        ("fin-ance", "finance"),
        ("pdf-tools", "pdftools"),
        ("pdf--tools", "pdf-tools"),
        ("pdf-t00ls", "pdf-tools"),
        ("he1p", "help"),
        ("moderm", "modern"),
        ("rnodern", "modern"),
        ("vveather", "weather"),
        ("spreadshet-helpre", "spreadsheet-helper"),
        ("fin\u0430nce", "finance"),
        ("ｆｉｎａｎｃｅ", "finance"),
        ("Finance", "finance"),
    ],
)
def test_a_name_that_may_be_taken_for_another_is_near(name, other):
    assert near(name, [other, "something-else"]) == [other]
    assert near(other, [name]) == [name]


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("finance", "finance"),
        ("finance", "marketing"),
        ("ops", "opt"),
        ("crew", "crow"),
        ("team-1", "team-2"),
        ("v1-notes", "v22-notes"),
        ("pdf-reader", "pdf-writer"),
        ("code-review", "code-coverage"),
    ],
)
def test_other_names_are_not(name, other):
    assert near(name, [other]) == []


def test_an_index_of_many_names_finds_each_that_is_near():
    index = NameIndex(["finance", "finances", "f1nance", "finance-2", "ops", "opt", "marketing-reports"])

    assert index.near("finance") == ["f1nance", "finances"]
    assert index.near("marketng-reprts") == ["marketing-reports"]
    assert index.near("ops") == []


def test_a_look_is_the_same_for_free_text():
    assert looks_like("Finance Team", ["finance-team", "F1nance  team", "Finance"]) == [
        "F1nance  team",
        "finance-team",
    ]
