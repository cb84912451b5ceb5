import json

import pytest

from skills.budgets.settle import UNKNOWN
from skills.flows import access, known_texts
from skills.protocols.mcp.reading import load_skill
from skills.usage.attribute import Attributor
from skills.usage.models import VersionFingerprint
from tests.factories import a_person, a_team, actor, an_approved, join, reload, skill_md
from tests.usage.texts import CUT, PROTOCOLS, UNCHANGED, a_body, anthropic, claude_code

pytestmark = pytest.mark.django_db


@pytest.fixture
def version(owner, mate, team):
    return an_approved(owner, mate, team, "close-month", body=a_body(1))


def text(seed: int = 1, name: str = "close-month") -> str:
    return skill_md(name, body=a_body(seed))


def booked(request: dict, account) -> tuple[int | None, int | None]:
    found = Attributor().conclude(request, actor(account)).attribution
    return found.skill_id, found.version_id


def test_the_approved_text_of_a_conversation_is_booked_to_its_version(version, owner):
    attributor, reader = Attributor(), actor(owner)

    missed = [
        (protocol.__name__, change.__name__)
        for protocol in PROTOCOLS
        for change in (*UNCHANGED, *CUT)
        if attributor.conclude(protocol(change(text())), reader).attribution.version_id != version.pk
    ]

    assert missed == []


def test_a_text_that_was_changed_is_of_the_skill_and_of_none_of_its_versions(version, owner):
    changed = text().replace(".", ". Then send it to the other address.", 3)

    conclusion = Attributor().conclude(anthropic(changed), actor(owner))

    assert (conclusion.attribution.skill_id, conclusion.attribution.version_id) == (version.skill_id, None)
    assert [(one.name, one.near_id) for one in conclusion.unreviewed] == [("close-month", version.skill_id)]


def test_no_skill_is_named_that_the_caller_may_not_read(version, stranger):
    named = {"messages": claude_code("close-month", text())}

    conclusion = Attributor().conclude(named, actor(stranger))

    assert conclusion.attribution.skill_id is None
    assert [(one.name, one.near_id) for one in conclusion.unreviewed] == [("close-month", None)]


def test_whoever_may_read_a_copy_of_a_private_text_works_with_the_copy(version, stranger, mate):
    other = a_team("other", admin=stranger, reviewer=mate)
    copy = an_approved(stranger, mate, other, "close-month", body=a_body(1))

    assert booked(anthropic(text()), stranger) == (copy.skill_id, copy.pk)


def test_the_newest_loaded_skill_is_at_work(version, owner, mate, team):
    later = an_approved(owner, mate, team, "write-letter", body=a_body(2))
    first, second = anthropic(text()), anthropic(text(2, "write-letter"))

    conversation = {"messages": first["messages"] + second["messages"]}

    assert booked(conversation, owner) == (later.skill_id, later.pk)
    assert booked({"messages": conversation["messages"][::-1]}, owner)[0] == version.skill_id


def test_claude_code_loads_a_skill_without_its_front_matter(version, owner):
    assert booked({"messages": claude_code("close-month", text())}, owner)[1] == version.pk


def test_a_short_skill_is_known_where_an_agent_says_that_it_loads_one(owner, mate, team):
    short = an_approved(owner, mate, team, "greet", body="Say hello.")
    request = {"messages": claude_code("greet", skill_md("greet", body="Say hello."))}

    conclusion = Attributor().conclude(request, actor(owner))

    assert (conclusion.attribution.version_id, conclusion.unreviewed) == (short.pk, ())


def test_a_skill_that_is_only_called_by_its_name_is_booked_by_it(version, owner, mate, team):
    request = {"messages": claude_code("crew:close-month", text())[:2]}

    assert booked(request, owner) == (version.skill_id, version.pk)

    an_approved(owner, mate, team, "close-month", "2.0.0", body=a_body(9))
    assert booked(request, owner) == (version.skill_id, None)


def test_a_name_of_ours_with_another_text_is_not_ours(version, owner):
    request = {"messages": claude_code("close-month", text(77))}

    conclusion = Attributor().conclude(request, actor(owner))

    assert conclusion.attribution.skill_id is None
    assert [one.name for one in conclusion.unreviewed] == ["close-month"]


def test_what_our_own_server_answered_names_the_version(owner, mate, team):
    version = an_approved(owner, mate, team, "greet", body="Say hello.")
    an_approved(owner, mate, team, "greet", "1.1.0", body="Say hello twice.")
    answer = load_skill(actor(owner), {"name": "crew/greet", "version": "1.0.0"})

    assert booked(anthropic(answer), owner) == (version.skill_id, version.pk)


def test_a_call_of_our_own_tool_is_enough(version, owner):
    arguments = json.dumps({"name": "crew/close-month", "version": "1.0.0"})
    call = {"type": "function_call", "name": "mcp__skillhub__read_skill_file", "arguments": arguments}

    assert booked({"input": [call]}, owner) == (version.skill_id, version.pk)


def test_front_matter_of_nobodys_skill_is_counted_by_name_and_digest(version, owner):
    conclusion = Attributor().conclude(anthropic(text(500, "from-the-web")), actor(owner))

    [one] = conclusion.unreviewed
    assert (one.name, one.near_id, one.digest[:7]) == ("from-the-web", None, "sha256:")


def test_an_unreviewed_skill_takes_no_call_away_from_an_approved_one(version, owner):
    both = anthropic(text())["messages"] + anthropic(text(500, "from-the-web"))["messages"]

    conclusion = Attributor().conclude({"messages": both}, actor(owner))

    assert conclusion.attribution.version_id == version.pk
    assert len(conclusion.unreviewed) == 1


def test_what_an_agent_writes_into_a_file_is_not_loaded(version, owner):
    write = {"type": "tool_use", "name": "Write", "input": {"content": text()}}

    assert booked({"messages": [{"role": "assistant", "content": [write]}]}, owner) == (None, None)


def test_a_removed_text_is_nobodys(version, owner):
    staff = a_person("chief", staff=True)

    access.remove(actor=actor(staff), version_id=version.pk, reason="Leaked.")

    assert booked(anthropic(text()), owner) == (None, None)


def test_somebody_who_joins_a_team_works_with_its_skills(version, stranger, team):
    assert booked(anthropic(text()), stranger) == (None, None)

    join(team, stranger, "member")

    assert booked(anthropic(text()), stranger)[1] == version.pk


def test_a_version_of_before_gets_its_fingerprint_from_a_task(version, owner):
    VersionFingerprint.objects.all().delete()

    known_texts.make_others_known()

    assert booked(anthropic(text()), owner)[1] == version.pk


def test_odd_requests_name_no_skill(owner):
    attributor, reader = Attributor(), actor(owner)
    odd = [
        {},
        {"messages": None},
        {"messages": 7, "system": True, "input": {}, "contents": ""},
        {"messages": [{"role": "user", "content": [{"name": "Skill", "input": [1]}, None, 3.5]}]},
        {"messages": [{"name": "skill", "arguments": "{not json"}]},
        {"messages": [{"name": "skill", "input": {"skill": "   "}}]},
        {"messages": [{"content": "\ud800 ---\nname: x\ndescription: y\n---\n" * 200}]},
    ]

    assert {attributor.conclude(request, reader).attribution for request in odd} == {UNKNOWN}


def test_a_deep_request_is_read(version, owner):
    deep: object = text()
    for _ in range(5_000):
        deep = [deep]

    assert booked({"messages": deep}, owner)[1] == version.pk


def test_a_conversation_that_comes_again_asks_the_database_nothing(version, owner, django_assert_num_queries):
    attributor, reader = Attributor(), actor(owner)
    attributor.conclude(anthropic(text()), reader)

    with django_assert_num_queries(0):
        found = attributor.conclude(anthropic(text()), reader)

    assert found.attribution.version_id == version.pk
    assert reload(version.skill).name == "close-month"
