"""Reviews through the API: who takes part, what is refused, and what a refusal leaves as it was."""

import pytest

from skills.reviews.models import Comment, Decision
from tests.api.calls import V1, get, post, refusal
from tests.factories import a_person, a_version, bearer, join

pytestmark = pytest.mark.django_db
VERSION = "/skills/crew/greet-people/versions/1.0.0"


@pytest.fixture
def version(owner, team):
    return a_version(owner, team)


def decide(client, who, version, **change):
    body = {"verdict": "approve", "digest": version.digest} | change
    return post(client, f"{VERSION}/decisions", body, who)


def state(version):
    version.refresh_from_db()
    return version.state


def test_the_queue_is_of_those_who_may_decide(client, version, owner, mate, stranger):
    def waiting(who):
        return [row["name"] for row in get(client, "/reviews", who).json()["results"]]

    assert (waiting(mate), waiting(owner), waiting(stranger)) == (["greet-people"], [], [])


def test_the_queue_knows_its_filters(client, owner, version):
    assert [row["version"] for row in get(client, "/reviews?filter=mine", owner).json()["results"]] == [
        "1.0.0"
    ]
    assert refusal(get(client, "/reviews?filter=odd", owner)) == (400, "bad_filter")
    assert refusal(get(client, "/reviews")) == (401, "sign_in")


@pytest.mark.parametrize("part", ["review", "decisions", "comments"])
def test_a_review_does_not_exist_for_strangers_and_visitors(part, client, version, stranger):
    assert refusal(get(client, f"{VERSION}/{part}", stranger)) == (404, "not_found")
    assert refusal(get(client, f"{VERSION}/{part}"))[0] == 401


def test_a_review_shows_findings_gates_and_inventory(client, version, mate):
    body = get(client, f"{VERSION}/review", mate).json()

    assert (body["scan"], body["findings"]) == ("done", [])
    assert {"name", "passed", "text"} == set(body["gates"][0])
    assert body["version"]["files"][0]["path"] == "SKILL.md"


def test_auditors_read_a_review_and_decide_nothing(client, version):
    eye = a_person("eye", auditor=True)

    assert get(client, f"{VERSION}/review", eye).status_code == 200
    assert refusal(decide(client, eye, version))[0] == 403
    assert state(version) == "in_review"


def test_authors_and_members_do_not_approve(client, version, owner, team):
    member = a_person("member")
    join(team, member, "member")

    assert refusal(decide(client, owner, version))[0] in (403, 409)
    assert refusal(decide(client, member, version)) == (403, "role_missing")
    assert state(version) == "in_review"
    assert not Decision.objects.exists()


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"digest": ""}, 400, None),
        ({"digest": "sha256:" + "0" * 64}, 412, None),
        ({"verdict": "maybe"}, 400, None),
        ({"verdict": ""}, 400, None),
        ({"verdict": "reject"}, 400, None),
        ({"verdict": "request_changes", "reason": "  "}, 400, None),
        ({"reason": "x" * 2001}, 400, None),
    ],
)
def test_a_decision_that_cannot_be_is_refused_and_changes_nothing(
    change, status, code, client, version, mate
):
    answer = decide(client, mate, version, **change)

    assert refusal(answer)[0] == status
    assert state(version) == "in_review"
    assert not Decision.objects.exists()


def test_a_digest_may_stand_in_if_match(client, version, mate):
    answer = client.post(
        f"{V1}{VERSION}/decisions",
        {"verdict": "approve"},
        content_type="application/json",
        headers={**bearer(mate), "If-Match": f'"{version.digest}"'},
    )

    assert answer.json()["state"] == "approved"


def test_a_decision_without_any_digest_is_refused(client, version, mate):
    answer = post(client, f"{VERSION}/decisions", {"verdict": "approve"}, mate)

    assert refusal(answer) == (400, "digest_missing")


def test_a_decision_is_listed_with_its_reason(client, version, owner, mate):
    decide(client, mate, version, verdict="request_changes", reason="Say more.")

    (row,) = get(client, f"{VERSION}/decisions", owner).json()["results"]
    assert (row["reviewer"], row["verdict"], row["reason"], row["attempt"]) == (
        "mate",
        "request_changes",
        "Say more.",
        1,
    )


def test_a_decided_version_is_not_decided_again(client, version, mate):
    decide(client, mate, version)

    assert refusal(decide(client, mate, version)) == (409, "wrong_state")


def test_a_comment_is_made_and_listed(client, version, owner, mate):
    made = post(client, f"{VERSION}/comments", {"body": " Why? ", "path": "SKILL.md", "line": 3}, mate)

    assert made.status_code == 201
    (row,) = get(client, f"{VERSION}/comments", owner).json()["results"]
    assert row == made.json()
    assert (row["author"], row["body"], row["path"], row["line"], row["resolved"]) == (
        "mate",
        "Why?",
        "SKILL.md",
        3,
        False,
    )


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 400),
        ({"body": ""}, 400),
        ({"body": "   "}, 400),
        ({"body": "x" * 5001}, 400),
        ({"body": "x", "line": -1}, 400),
        ({"body": "x", "line": 1_000_001}, 400),
        ({"body": "x", "line": "three"}, 400),
        ({"body": "x", "path": "gone.md"}, 404),
    ],
)
def test_a_comment_that_cannot_be_is_not_kept(body, status, client, version, mate):
    assert refusal(post(client, f"{VERSION}/comments", body, mate))[0] == status

    assert not Comment.objects.exists()


def test_the_author_withdraws_and_may_not_yank_what_was_never_released(client, version, owner):
    assert refusal(post(client, f"{VERSION}/yank", {"reason": "x"}, owner))[0] == 409

    assert post(client, f"{VERSION}/withdraw", {}, owner).json()["state"] == "withdrawn"


@pytest.mark.parametrize("act", ["approve", "delete", "publish"])
def test_an_unknown_act_is_no_address(act, client, version, owner):
    assert refusal(post(client, f"{VERSION}/{act}", {}, owner)) == (404, "not_found")
    assert state(version) == "in_review"


def test_an_act_takes_json_only(client, version, owner):
    answer = client.post(f"{V1}{VERSION}/withdraw", {"reason": "x"}, headers=bearer(owner))

    assert answer.status_code == 415
    assert state(version) == "in_review"
