"""Search by meaning with the real model: ranking, generations, outages, rights, near-duplicates."""

import re

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from skills.flows import access
from skills.people.actor import VISITOR
from skills.search import embed, passages
from skills.search.models import Generation, Passage
from skills.search.query import search
from skills.search.similar import looks_like, overlaps, related
from tests.factories import a_person, a_team, actor, an_approved
from tests.search.conftest import a_skill_md

pytestmark = pytest.mark.django_db(transaction=True)


def names(text: str, who=VISITOR, **more) -> list[str]:
    return [hit.skill.name for hit in search(who, text, **more).hits]


def test_a_sentence_without_a_common_word_finds_the_skill(shelf, meaning):
    passages.build()

    answer = search(VISITOR, "summary of a conference call")

    assert answer.meaning
    assert answer.hits[0].skill.name == "meeting-minutes"
    assert "in meaning" in answer.hits[0].reason


def test_exact_names_stay_first(shelf, meaning):
    passages.build()

    assert names("invoice")[:2] == ["invoice", "invoice-triage"]


def test_without_the_process_words_answer_and_say_so(shelf, meaning, settings):
    passages.build()
    settings.EMBED_ADDRESS = "/nowhere/embed.sock"

    answer = search(VISITOR, "supplier dromedary")

    assert not answer.meaning
    assert [hit.skill.name for hit in answer.hits] == ["invoice-triage"]


def test_a_new_skill_is_found_by_words_before_its_vectors(owner, mate, team, shelf, meaning):
    passages.build()
    content = {"SKILL.md": a_skill_md("tea", "Brews tea.", "Pour hot water on the leaves.", "kitchen")}
    an_approved(owner, mate, team, "tea", wanted="public", content=content)

    assert "tea" in names("leaves")
    passages.build()
    assert names("a warm drink from dried plants")[0] == "tea"


def test_unchanged_text_keeps_its_vectors(owner, mate, team, shelf, meaning):
    passages.build()
    before = set(Passage.objects.values_list("pk", flat=True))

    access.set_labels(actor=actor(owner), skill=team.skills.get(name="invoice"), names=["paid"])

    assert set(Passage.objects.values_list("pk", flat=True)) == before


def test_a_new_model_is_built_beside_the_old_and_then_switched(shelf, meaning, monkeypatch):
    passages.build()
    old = passages.live()
    monkeypatch.setattr(passages, "VERSION", 2)
    monkeypatch.setattr(passages, "DOCUMENTS", 2)
    steps = []

    def halfway(_: int) -> None:
        steps.append((passages.live().id, names("supplier")))

    passages.build(halfway)

    assert {pk for pk, _ in steps} == {old.id}
    assert all(found[0] == "invoice-triage" for _, found in steps)
    assert passages.live().id != old.id
    assert set(Generation.objects.values_list("state", flat=True)) == {"live", "old"}
    monkeypatch.setattr(passages, "REMEMBERED", 0)
    passages.build()
    assert Generation.objects.count() == 1
    assert not Passage.objects.filter(generation=old.id).exists()


def test_a_build_that_breaks_off_goes_on_where_it_was(shelf, meaning, monkeypatch):
    monkeypatch.setattr(passages, "DOCUMENTS", 2)

    def stop(_: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        passages.build(stop)
    kept = Passage.objects.count()
    assert kept > 0
    assert passages.live() is None

    passages.build()

    assert Passage.objects.count() > kept
    assert passages.live() is not None


@pytest.mark.parametrize("act", ["yank", "narrow", "transfer", "rename"])
def test_acts_take_effect_in_search_at_once(act, shelf, meaning, owner, mate, team, stranger):
    passages.build()
    boss = actor(owner)
    skill = team.skills.select_related("team").get(name="sql-review")
    if act == "yank":
        access.yank(actor=boss, version_id=skill.shown_id, reason="wrong")
    elif act == "narrow":
        access.change_visibility(actor=boss, skill=skill, new="team")
    elif act == "transfer":
        other = a_team("other", admin=owner)
        access.change_visibility(actor=actor(owner), skill=skill, new="team")
        access.transfer(actor=actor(owner), skill=skill, to=other)
    else:
        access.rename(actor=boss, skill=skill, name="plan-reader")

    found = names("why is my database query slow", actor(stranger))
    assert found[:1] == (["plan-reader"] if act == "rename" else found[:1])
    assert "sql-review" not in found
    assert ("sql-review" in names("database query", actor(mate))) is (act == "narrow")
    with connection.cursor() as cursor:
        cursor.execute(
            "select count(*) from skills_passage p"
            " join skills_document d on d.skill_id = p.document_id where p.scope <> d.scope"
        )
        assert cursor.fetchone() == (0,)
    call_command("search_health")


def worlds(addresses: list[str], client) -> list[bytes]:
    with connection.cursor() as cursor:  # exact vectors: an index may be another graph in each world
        cursor.execute("set enable_indexscan = off")
    try:
        return [client.get(address).content for address in addresses]
    finally:
        with connection.cursor() as cursor:
            cursor.execute("reset enable_indexscan")


def test_a_private_skill_leaves_no_trace_in_a_strangers_answers(shelf, meaning, owner, mate, team, client):
    passages.build()
    queries = [
        "secret",
        "skilful invoice",
        "payrol",
        "nobody else knows",
        "zanzibr",
        "slow quer",
        "a list of wages",
    ]
    addresses = (
        [f"/api/v1/search?q={q}" for q in queries]
        + [f"/?q={q}" for q in queries]
        + ["/", "/@crew/invoice/related/"]
    )
    before = [_without_token(page) for page in worlds(addresses, client)]
    body = "Nobody else knows this secret skilful payroll list of wages, slow queries."
    an_approved(
        owner,
        mate,
        team,
        "secret-wages",
        content={"SKILL.md": a_skill_md("secret-wages", "Secret wages.", body, "secret")},
    )
    passages.build()

    assert [_without_token(page) for page in worlds(addresses, client)] == before


def _without_token(page: bytes) -> bytes:
    return re.sub(rb'X-CSRFToken": "[^"]*|>[^<]*</time>', b"", page)


def test_near_duplicates_are_told_before_publishing(shelf, meaning, owner):
    passages.build()

    found = looks_like(actor(owner), "invoice-sorter", "Sorts invoices that come in.")

    assert found[0].skill.name == "invoice-triage"
    assert 0.75 <= found[0].likeness <= 1
    itself = [
        one.skill.name for one in looks_like(actor(owner), "invoice-triage", "Sorts incoming invoices.")
    ]
    assert "invoice-triage" not in itself, "this is its next version"
    assert looks_like(VISITOR, "whale-song", "Listens to whales under the sea.") == []


def test_related_and_overlapping_skills(shelf, meaning, owner, mate, team, client):
    content = {
        "SKILL.md": a_skill_md("bill-triage", "Sorts incoming invoices and bills.", "By supplier.", "finance")
    }
    an_approved(owner, mate, team, "bill-triage", wanted="public", content=content)
    passages.build()
    mine = team.skills.get(name="invoice-triage")

    assert related(VISITOR, mine)[0].skill.name == "bill-triage"
    pairs = overlaps(actor(owner), team)
    assert {pairs[0].mine.name, pairs[0].other.name} == {"invoice-triage", "bill-triage"}
    client.force_login(owner)
    page = client.get("/@crew/-/overlaps/").content.decode()
    assert "bill-triage" in page
    assert (
        "bill-triage"
        in client.get("/@crew/invoice-triage/related/", headers={"HX-Request": "true"}).content.decode()
    )


@pytest.mark.parametrize("text", ["Rechnungen nach Lieferanten sortieren", "发票分类", "trier les factures"])
def test_other_languages_are_words_too(text, owner, mate, team, meaning):
    content = {
        "SKILL.md": a_skill_md("belege", text, f"{text}. Überweisung prüfen. 财务发票分类整理。", "büro")
    }
    an_approved(owner, mate, team, "belege", wanted="public", content=content)

    assert names(text) == ["belege"]
    assert names("uberweisung") == ["belege"]
    assert names("发票") == ["belege"]


def test_the_right_number_of_vectors_or_none(meaning):
    texts = ["one", "two words", "x" * 5_000]
    found = embed.vectors("all-MiniLM-L6-v2", texts, seconds=30)

    assert [len(vector) for vector in found] == [384] * 3
    assert sum(value * value for value in found[2]) == pytest.approx(1, abs=1e-3)
    with pytest.raises(embed.Away):
        embed.vectors("no-such-model-anywhere", ["one"], seconds=30)


def test_reindex_rebuilds_and_health_proves_it(shelf, meaning, capsys):
    passages.build()
    with connection.cursor() as cursor:
        cursor.execute("update skills_term set documents = documents + 3 where term = 'invoic'")
    with pytest.raises(CommandError, match="reindex"):
        call_command("search_health")
    old = passages.live().id

    call_command("reindex")
    call_command("search_health")

    assert passages.live().id != old
    assert names("supplier")[0] == "invoice-triage"
    assert "Index and catalogue agree." in capsys.readouterr().out


def test_staff_see_everything_and_members_their_own(shelf, meaning, owner):
    passages.build()

    assert "payroll-secrets" in names("zanzibar", actor(a_person("boss", staff=True)))
    assert "payroll-secrets" in names("zanzibar", actor(owner))
    assert "payroll-secrets" not in names("zanzibar", actor(a_person("guest")))
