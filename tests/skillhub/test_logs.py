"""The stream of logs: one line of JSON an event, with the process it is from, and no error every second."""

import contextlib
import io
import json
import logging
import logging.config

import pytest

from skillhub.embedded import output
from skillhub.logs import OnceAMinute, logging_settings


def a_record(name: str, message: str, level: int = logging.ERROR, *arguments: object) -> logging.LogRecord:
    facts = {"name": name, "levelno": level, "levelname": logging.getLevelName(level), "msg": message}
    return logging.makeLogRecord({**facts, "args": arguments})


def lines_of(work) -> list[str]:
    """What WORK prints where nobody watches."""
    out = io.StringIO()
    with contextlib.redirect_stdout(output.JsonEvents(out)):
        work()
    return out.getvalue().splitlines()


def test_what_the_supervisor_prints_is_one_event_however_many_lines_it_has():
    (line,) = lines_of(lambda: print("SkillHub runs at http://127.0.0.1\n\n  alice  admin"))  # noqa: T201

    event = json.loads(line)
    assert event["message"] == "SkillHub runs at http://127.0.0.1\n\n  alice  admin"
    assert event["process"] == "up"


def test_a_record_of_a_child_is_passed_on_as_it_is():
    line = json.dumps({"message": "GET /", "process": "web"})

    assert lines_of(lambda: output.copy_line("web", line)) == [line]


@pytest.mark.parametrize("line", ["[WARNING] Respawning worker-1", "{not json", '["a", "list"]', "{}x", "é"])
def test_any_other_line_of_a_child_becomes_an_event_of_it(line):
    (printed,) = lines_of(lambda: output.copy_line("worker", line))

    event = json.loads(printed)
    assert (event["process"], event["message"]) == ("worker", line)
    assert set(event) == {"asctime", "levelname", "name", "message", "process"}


def test_for_people_each_line_begins_with_its_process(capsys):
    output.copy_line("web", '{"message": "GET /"}')

    assert capsys.readouterr().out == 'web    | {"message": "GET /"}\n'


def test_a_log_record_names_its_process(capsys):
    config = logging_settings(level="INFO", form="json", process="evals")
    handler = logging.config.DictConfigurator(config)
    formatter = handler.configure_formatter(config["formatters"]["json"])

    line = json.loads(formatter.format(a_record("skills.evals", "done", logging.INFO)))

    assert (line["process"], line["message"], line["levelname"]) == ("evals", "done", "INFO")


def test_an_error_of_beat_is_said_once_a_minute_with_how_often_it_came(monkeypatch):
    moment = [1000.0]
    monkeypatch.setattr("skillhub.logs.time.monotonic", lambda: moment[0])
    once = OnceAMinute()

    said = [
        once.filter(a_record("celery.beat", "Message Error: %s\n%s", logging.ERROR, n)) for n in range(50)
    ]
    moment[0] += 61
    again = a_record("celery.beat", "Message Error: %s\n%s")

    assert said == [True] + [False] * 49
    assert once.filter(again)
    assert again.left_out == 49


@pytest.mark.parametrize(
    ("name", "level"),
    [("skills.jobs", logging.ERROR), ("django.request", logging.ERROR), ("celery", logging.INFO)],
)
def test_what_is_ours_is_never_left_out(name, level):
    once = OnceAMinute()

    assert all(once.filter(a_record(name, "the same", level)) for _ in range(5))


def test_different_errors_of_celery_are_all_said():
    once = OnceAMinute()

    assert all(once.filter(a_record("celery.beat", f"error {number}")) for number in range(5))
