"""Lists of cards."""

from skills.catalog.models import Skill
from skills.lib.clock import now
from skills.people.models import Team
from skills.search.query import START, STOP, Hit
from skills.web.cards import hit_cards, skill_cards


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
