"""Lists of cards."""

from skills.catalog.models import Skill
from skills.lib.clock import now
from skills.people.actor import VISITOR
from skills.people.models import Team
from skills.search.query import START, STOP, Hit
from skills.web.cards import hit_cards, skill_cards
from tests.factories import actor


def a_skill(name, **columns):
    return Skill(name=name, team=Team(handle="crew"), updated_at=now(), **columns)


def test_cards_stand_in_the_order_of_the_list():
    page = skill_cards([a_skill("second"), a_skill("first")])

    assert page.index("/@crew/second/") < page.index("/@crew/first/")


def test_a_hit_says_why_it_was_found_and_marks_the_words():
    hit = Hit(a_skill("greet"), 1.0, snippet=f"Says {START}hello{STOP}.", reason="matches hello")

    page = hit_cards([hit])

    assert "matches hello" in page
    assert "Says <mark>hello</mark>." in page


def test_what_a_stranger_wrote_is_escaped_on_its_card():
    page = hit_cards([Hit(a_skill("greet", description="<b>bold</b>"), 1.0, snippet="<i>", reason="<u>")])

    assert "<b>" not in page
    assert "<i>" not in page
    assert "<u>" not in page


def test_a_card_says_what_is_known_of_a_skill():
    known = a_skill("greet", lift=0.25, tested_on=["large", "small"], installs=1_200, stars=2, fetches=1)

    page = " ".join(skill_cards([known]).split())

    for fact in ("▲ 25", "evaluated on 2 models", "1,200 installs", "2 stars", "1 fetch"):
        assert fact in page
    assert 'title="large, small"' in page


def test_what_agents_do_at_work_is_on_the_card_of_whoever_signs_in(owner):
    used = a_skill("greet", field_uses=12, field_micros=400)

    assert "12 uses at work, $0.0004 each" in " ".join(skill_cards([used], actor(owner)).split())
    assert "at work" not in skill_cards([used], VISITOR)


def test_uses_without_a_price_are_told_without_a_cost(owner):
    page = " ".join(skill_cards([a_skill("greet", field_uses=1)], actor(owner)).split())

    assert "1 use at work </span>" in page
