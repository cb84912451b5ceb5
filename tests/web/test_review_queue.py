"""The review queue: what it says of checks and evaluations."""

import pytest

from skills.verdicts.outcomes import EvaluationVerdict
from tests.evals.making import REAL, SCRIPTED, a_finished_run, a_report
from tests.factories import PASSWORD, a_version, an_approved, skill_md
from tests.pages import words_of


@pytest.fixture
def version(owner, team):
    return a_version(owner, team)


def column(client, mate, name):
    """What the reviewer reads in the column NAME of the queue's only line."""
    client.force_login(mate)
    page = client.get("/reviews/").content
    return words_of(page, f'td[data-label="{name}"]')


def test_a_version_nobody_evaluated_says_none(client, mate, version):
    assert column(client, mate, "Evaluation") == ["none"]


@pytest.mark.parametrize(
    ("verdict", "words"),
    [
        (EvaluationVerdict.IMPROVES, "helps"),
        (EvaluationVerdict.REGRESSES, "worse"),
        (EvaluationVerdict.NO_CLEAR_EFFECT, "no clear effect"),
        (EvaluationVerdict.TOO_FEW_CASES, "too few cases"),
        (EvaluationVerdict.MIXED, "mixed"),
        (EvaluationVerdict.INCONCLUSIVE, "inconclusive"),
    ],
)
def test_the_verdict_of_an_evaluation_is_shown_in_the_words_of_the_help(
    client, mate, version, verdict, words
):
    a_finished_run(version, REAL, report=a_report(0.5, state=verdict))

    assert column(client, mate, "Evaluation") == [words]


def test_an_evaluation_that_a_script_answered_says_so(client, mate, version):
    a_finished_run(version, SCRIPTED)

    assert column(client, mate, "Evaluation") == ["scripted"]


def test_an_evaluation_under_way_and_what_regressed_are_shown(client, mate, version):
    a_finished_run(version, REAL, report=a_report(0.5, regressed=["confirmed"]))
    a_finished_run(version, REAL, report=None, state="running")

    assert column(client, mate, "Evaluation") == ["helps 1 regressed running"]


def test_a_version_without_findings_is_clean(client, mate, version):
    assert column(client, mate, "Checks") == ["clean"]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("q=greet", 1),
        ("q=1.0", 1),
        ("q=other", 0),
        ("team=crew&author=owner", 1),
        ("author=mate", 0),
        ("age=7", 0),
        ("verdict=none", 1),
        ("verdict=improves", 0),
        ("sort=skill", 1),
    ],
)
def test_the_queue_is_narrowed(client, mate, version, asked, found):
    client.force_login(mate)

    assert len(client.get(f"/reviews/?{asked}").context["rows"]) == found


@pytest.mark.parametrize("asked", ["sort=size", "age=3", "verdict=good"])
def test_what_the_queue_cannot_be_asked_is_refused(client, mate, version, asked):
    client.force_login(mate)

    assert client.get(f"/reviews/?{asked}").status_code == 400


def test_after_a_decision_the_page_leads_to_what_waits_longest(client, mate, owner, team, version):
    waiting = [a_version(owner, team, name) for name in ("second-skill", "third-skill")]
    client.force_login(mate)

    decision = {"verdict": "reject", "reason": "No.", "digest": version.digest}
    page = client.post(f"/reviews/{version.pk}/decide/", decision, follow=True)

    assert page.context["next_review"] == waiting[0]


LIVE = {
    "references/a.md": b"one\n",
    "assets/logo.bin": b"\0old",
    "scripts/a.py": b"print(1)\n",
    "b.sh": b"ls\n",
}


def an_update(owner, mate, team, changes, **more):
    """An update in review of an approved skill, where only the files of CHANGES differ."""
    content = {"SKILL.md": skill_md().encode(), **LIVE}
    an_approved(owner, mate, team, content=content)
    return a_version(owner, team, number="1.1.0", content=content | changes, **more)


def can_be_ticked(client, mate, version):
    client.force_login(mate)
    page = client.get("/reviews/").content.decode()
    return f'value="{version.pk} {version.digest}"' in page


def test_an_update_of_text_that_is_only_read_is_approved_from_the_list_under_its_changes(
    client, owner, mate, team
):
    version = an_update(owner, mate, team, {"references/a.md": b"one\ntwo\n"})

    client.force_login(mate)
    page = client.get("/reviews/").content

    assert can_be_ticked(client, mate, version)
    assert words_of(page, f"#changes-{version.pk} ins") == ["two"]


@pytest.mark.parametrize(
    "changes",
    [
        {"SKILL.md": skill_md(body="Say good morning.").encode()},
        {"scripts/a.py": b"print(2)\n"},
        {"scripts/new.py": b"print(2)\n"},
        {"b.sh": b"ls -l\n"},
        {"references/tool": b"#!/bin/sh\nls\n"},
        {"assets/logo.bin": b"\0new"},
        {"assets/new.bin": b"caf\xe9"},
        {"assets/logo.bin": b"text now"},
        {"references/a.md": b"line\n" * 500},
        {"references/a.md": b"x" * 300_000},
        {"references/a.md": b"Ask https://new.example\n"},
    ],
)
def test_an_update_that_needs_eyes_of_its_own_cannot_be_ticked(client, owner, mate, team, changes):
    version = an_update(owner, mate, team, changes)

    assert not can_be_ticked(client, mate, version)


@pytest.mark.parametrize(
    "evaluation",
    [
        {"report": a_report(0.5, regressed=["confirmed"])},
        {"report": a_report(0.5, regressed=["undecided"])},
        {"report": a_report(0.5, regressed=["suspected"])},
        {"report": a_report(-0.5, state="regresses")},
        {"report": None, "state": "queued"},
    ],
    ids=["confirmed", "undecided", "suspected", "worse", "being evaluated"],
)
def test_an_update_that_an_evaluation_doubts_cannot_be_ticked(client, owner, mate, team, evaluation):
    version = an_update(owner, mate, team, {"references/a.md": b"one\ntwo\n"})
    assert can_be_ticked(client, mate, version)

    a_finished_run(version, REAL, **evaluation)

    assert not can_be_ticked(client, mate, version)


def test_what_an_older_evaluation_saw_is_not_undone_by_a_newer_one(client, owner, mate, team):
    version = an_update(owner, mate, team, {"references/a.md": b"one\ntwo\n"})
    a_finished_run(version, REAL, report=a_report(0.5, regressed=["confirmed"]))

    a_finished_run(version, REAL, report=a_report(0.5, regressed=["cleared"]))

    assert not can_be_ticked(client, mate, version)


@pytest.mark.parametrize(("lines", "can_be"), [(10, True), (11, False)])
def test_more_than_a_few_lines_that_a_model_reads_are_another_prompt(
    client, owner, mate, team, lines, can_be
):
    text = "".join(f"line {number}\n" for number in range(lines)).encode()
    version = an_update(owner, mate, team, {"references/a.md": b"one\n" + text})

    assert can_be_ticked(client, mate, version) is can_be


def test_the_list_does_not_approve_what_an_evaluation_came_to_doubt(client, owner, mate, team):
    version = an_update(owner, mate, team, {"references/a.md": b"one\ntwo\n"})
    client.post("/account/login/", {"login": "mate", "password": PASSWORD})
    a_finished_run(version, REAL, report=a_report(0.5, regressed=["suspected"]))

    client.post("/reviews/approve/", {"chosen": [f"{version.pk} {version.digest}"]})

    version.refresh_from_db()
    assert version.state == "in_review"


def test_the_first_screen_of_a_review_says_what_the_evaluation_shows(client, mate, version):
    a_finished_run(version, REAL, report=a_report(0.25, regressed=["confirmed"]))
    client.force_login(mate)

    page = client.get(f"/reviews/{version.pk}/").content

    glance = " ".join(words_of(page, "section.verdict"))
    assert "It helps." in glance
    assert "regression confirmed refund on model-0" in glance
    assert "model-0" in glance and "▲ 25" in glance and "a trial" in glance
    assert page.index(b"Evaluation at a glance") < page.index(b'aria-label="Evidence"')


def test_the_first_screen_says_that_nobody_evaluated(client, mate, version):
    client.force_login(mate)

    page = client.get(f"/reviews/{version.pk}/").content

    assert "have not been evaluated" in " ".join(words_of(page, "section.verdict"))


def test_an_update_for_more_readers_cannot_be_ticked(client, owner, mate, team):
    version = an_update(owner, mate, team, {"references/a.md": b"two\n"}, wanted="public")

    assert not can_be_ticked(client, mate, version)


def test_a_removed_script_cannot_be_ticked(client, owner, mate, team):
    content = {"SKILL.md": skill_md().encode(), "scripts/a.py": b"print(1)\n"}
    an_approved(owner, mate, team, content=content)
    del content["scripts/a.py"]
    version = a_version(owner, team, number="1.1.0", content=content)

    assert not can_be_ticked(client, mate, version)


def test_the_list_approves_nothing_that_cannot_be_ticked(client, owner, mate, team):
    version = an_update(owner, mate, team, {"assets/logo.bin": b"\0new"})
    client.post("/account/login/", {"login": "mate", "password": PASSWORD})

    answer = client.post("/reviews/approve/", {"chosen": [f"{version.pk} {version.digest}"]}, follow=True)

    version.refresh_from_db()
    assert version.state == "in_review"
    assert "needs a look of its own" in answer.content.decode()


@pytest.mark.parametrize("tab", ["changes", "files"])
def test_what_is_not_text_is_shown_as_hex_and_strings(client, owner, mate, team, tab):
    version = an_update(owner, mate, team, {"assets/logo.bin": b"\0\xffcurl https://a.example/x"})
    client.force_login(mate)

    page = client.get(f"/reviews/{version.pk}/?tab={tab}").content.decode()

    assert "00 ff 63 75 72 6c" in page
    assert "curl https://a.example/x" in page
    assert "Not text" in page


def test_the_page_of_a_file_that_is_not_text_shows_hex_and_strings(client, owner, mate, team):
    an_approved(owner, mate, team, content={"SKILL.md": skill_md().encode(), **LIVE})
    client.force_login(mate)

    page = client.get("/@crew/greet-people/v/1.0.0/files/assets/logo.bin").content.decode()

    assert "00 6f 6c 64" in page
