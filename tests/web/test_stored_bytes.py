"""Staff see what is damaged and what is refused, and lift a refusal; nobody else does."""

import pytest

from skills.delivery.fsck import check_consistency
from skills.flows import access
from skills.lib import blobs
from tests.factories import a_person, actor, an_approved, bearer
from tests.pages import outcome, words_of

PAGE = "/bytes/"


@pytest.fixture
def boss(client, db):
    account = a_person("boss", staff=True)
    client.force_login(account)
    return account


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_lists_what_is_refused(
    count, boss, owner, mate, team, client, django_assert_max_num_queries
):
    for number in range(count):
        version = an_approved(owner, mate, team, f"skill-{number}")
        access.remove(actor=actor(boss), version_id=version.pk, reason=f"Reason {number}")

    with django_assert_max_num_queries(20):
        answer = client.get(PAGE)

    assert len(words_of(answer.content, ".hit")) == count
    assert "Reason 0" in answer.content.decode()


def test_the_page_names_what_is_damaged(boss, owner, mate, team, client):
    assert "Nothing is known to be damaged" in client.get(PAGE).content.decode()
    version = an_approved(owner, mate, team)
    blobs.store().delete(version.blob)
    check_consistency()

    text = client.get(PAGE).content.decode()

    assert "crew/greet-people@1.0.0" in text
    assert "missing" in text


def test_lifting_on_the_page_moves_the_row_to_the_other_tab(boss, owner, mate, team, client):
    version = an_approved(owner, mate, team)
    access.remove(actor=actor(boss), version_id=version.pk, reason="x")

    answer = client.post(f"{PAGE}denials/{version.denial.pk}/lift/", {"reason": "A mistake."})

    said = ("ok", "Lifted. The bytes may be published again, as a new version.")
    assert outcome(answer) == (302, PAGE, [said])
    assert "A mistake." not in client.get(PAGE).content.decode()
    assert "A mistake." in client.get(f"{PAGE}?filter=lifted").content.decode()


def test_malware_is_ticked_when_a_version_is_removed(boss, owner, mate, team, client):
    version = an_approved(owner, mate, team, wanted="public")

    client.post("/@crew/greet-people/v/1.0.0/change/remove/", {"reason": "Malware.", "deny_files": "on"})

    assert version.denial.files == 1


def test_the_api_removes_lists_and_lifts(db, owner, mate, team, client):
    headers = bearer(a_person("boss", staff=True))
    an_approved(owner, mate, team, wanted="public")
    address = "/api/v1/skills/crew/greet-people/versions/1.0.0"
    kind = "application/json"
    wrong = client.post(f"{address}/yank", {"reason": "x", "deny_files": True}, kind, headers=headers)
    assert (wrong.status_code, wrong.json()["code"]) == (400, "bad_field")

    client.post(f"{address}/remove", {"reason": "x", "deny_files": True}, kind, headers=headers)
    (listed,) = client.get("/api/v1/denials", headers=headers).json()["results"]
    lifted = client.post(
        f"/api/v1/denials/{listed['id']}/lift", {"reason": "y"}, kind, headers=headers
    ).json()

    assert (listed["skill"], listed["files"], listed["denied_by"]) == ("crew/greet-people", 1, "boss")
    assert (lifted["lifted_by"], lifted["lift_reason"]) == ("boss", "y")
