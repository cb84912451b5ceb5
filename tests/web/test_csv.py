"""CSV that a spreadsheet opens without running anything."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skills.web.csv import stream

CELL = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)


def download(rows, head=("name", "count")):
    return b"".join(stream("things", list(head), rows)).decode()


def test_the_answer_is_a_download_named_for_what_it_holds():
    response = stream("ledger", ["id"], [])

    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"] == 'attachment; filename="ledger.csv"'


def test_a_table_without_rows_still_has_its_head():
    assert download([]) == "name,count\r\n"


def test_nothing_is_read_before_somebody_downloads():
    seen = []

    def rows():
        seen.append("read")
        yield ["a", 1]

    response = stream("things", ["name", "count"], rows())
    assert seen == []

    assert b"".join(response) == b"name,count\r\na,1\r\n"
    assert seen == ["read"]


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        (None, ""),
        ("", ""),
        ("plain", "plain"),
        (0, "0"),
        (-12, "-12"),
        ("-12", "-12"),
        ("-", "'-"),
        ("-1+1", "'-1+1"),
        ("=1+1", "'=1+1"),
        ("+41 44 000", "'+41 44 000"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("a=b", "a=b"),
        ("mail@example.org", "mail@example.org"),
        (True, "True"),
    ],
)
def test_a_cell_is_written_so_that_it_cannot_be_a_formula(cell, written):
    text = download([[cell, 1]])

    assert text == f"name,count\r\n{written},1\r\n"


def test_a_carriage_return_cannot_start_a_formula():
    rows = list(csv.reader(io.StringIO(download([["\r=1", 2]]), newline="")))

    assert rows[1] == ["'\r=1", "2"]


def test_commas_quotes_and_line_breaks_stay_in_their_cell():
    rows = list(csv.reader(io.StringIO(download([['a,"b"\nc', 3]]), newline="")))

    assert rows == [["name", "count"], ['a,"b"\nc', "3"]]


@given(st.lists(st.lists(CELL, min_size=2, max_size=2), max_size=5))
def test_no_cell_ever_starts_like_a_formula_and_none_is_lost(table):
    rows = list(csv.reader(io.StringIO(download(table), newline="")))[1:]

    assert len(rows) == len(table)
    for row, cells in zip(rows, table, strict=True):
        assert [cell.removeprefix("'") for cell in row] == [cell.removeprefix("'") for cell in cells]
        for cell in row:
            assert cell[:1] not in ("=", "+", "@", "\t", "\r")
            assert cell[:1] != "-" or cell.lstrip("-").isdigit()
