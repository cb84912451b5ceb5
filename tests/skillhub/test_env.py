"""Readers of environment variables: what each takes, and what it says of the rest."""

import pytest

from skillhub import env
from skillhub.env import EnvironmentProblem

NAME = "SKILLHUB_TEST_VALUE"


def test_a_variable_that_is_not_set_has_its_default(monkeypatch):
    monkeypatch.delenv(NAME, raising=False)

    assert env.text(NAME) == ""
    assert env.text(NAME, "default") == "default"


def test_an_empty_variable_is_empty_and_not_the_default(monkeypatch):
    monkeypatch.setenv(NAME, "")

    assert env.text(NAME, "default") == ""


def test_a_secret_may_lie_in_a_file_and_then_that_counts(monkeypatch, tmp_path):
    (tmp_path / "secret").write_text("  from the file\n")
    monkeypatch.setenv(NAME, "from the variable")
    monkeypatch.setenv(f"{NAME}_FILE", str(tmp_path / "secret"))

    assert env.text(NAME) == "from the file"


@pytest.mark.parametrize("value", ["1", "true", "TRUE", " yes ", "On"])
def test_a_flag_is_on(value, monkeypatch):
    monkeypatch.setenv(NAME, value)

    assert env.flag(NAME, default=False) is True


@pytest.mark.parametrize("value", ["0", "false", "No", " off ", ""])
def test_a_flag_is_off(value, monkeypatch):
    monkeypatch.setenv(NAME, value)

    assert env.flag(NAME, default=True) is False


@pytest.mark.parametrize("default", [True, False])
def test_a_flag_nobody_set_has_its_default(default, monkeypatch):
    monkeypatch.delenv(NAME, raising=False)

    assert env.flag(NAME, default=default) is default


@pytest.mark.parametrize("value", ["2", "ja", "tru"])
def test_a_flag_that_is_neither_names_its_variable(value, monkeypatch):
    monkeypatch.setenv(NAME, value)

    with pytest.raises(EnvironmentProblem, match=f"{NAME} is '{value}'; use 1 or 0"):
        env.flag(NAME, default=True)


@pytest.mark.parametrize(("value", "number"), [("0", 0), ("7", 7), ("007", 7)])
def test_a_number_is_read(value, number, monkeypatch):
    monkeypatch.setenv(NAME, value)

    assert env.number(NAME, 3) == number


@pytest.mark.parametrize("value", ["", "-1", "1.5", "many", "1e3", "-"])
def test_what_is_no_number_is_told_with_what_would_do(value, monkeypatch):
    monkeypatch.setenv(NAME, value)

    with pytest.raises(EnvironmentProblem, match="use a whole number of at least 0"):
        env.number(NAME, 3)


def test_a_number_at_its_least_is_taken_and_one_below_is_not(monkeypatch):
    monkeypatch.setenv(NAME, "5")
    assert env.number(NAME, 9, least=5) == 5

    monkeypatch.setenv(NAME, "4")

    with pytest.raises(EnvironmentProblem, match="at least 5"):
        env.number(NAME, 9, least=5)


@pytest.mark.parametrize(
    ("value", "parts"), [("", []), (",", []), ("a", ["a"]), (" a , b,, c ", ["a", "b", "c"])]
)
def test_a_listing_is_split_at_commas(value, parts, monkeypatch):
    monkeypatch.setenv(NAME, value)

    assert env.listing(NAME) == parts


def test_the_data_folder_is_absolute(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATA_DIR", "here")

    assert env.data_dir() == (tmp_path / "here").resolve()
