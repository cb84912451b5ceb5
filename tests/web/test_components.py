"""Components and badges: what they write, what they escape, what they refuse."""

import pytest
from django.conf import settings
from django.template import TemplateSyntaxError, engines
from django.test import RequestFactory
from django.utils.safestring import mark_safe

from skills.web.badges import VERDICTS


def html(source, **context):
    """SOURCE rendered, with white space folded."""
    rendered = engines["django"].from_string(source).render(context, RequestFactory().get("/?q=x"))
    return " ".join(rendered.split()).replace("> <", "><")


def test_a_card_shows_title_note_and_count():
    text = html(
        '{% card "Files of" name note="packed" count=0 classes="narrow" %}inside{% endcard %}', name="a<b"
    )

    assert '<section class="card narrow"' in text
    assert "<h2>Files of a&lt;b</h2>" in text
    assert '<span class="small soft">packed</span><span class="count">0</span>' in text
    assert "inside" in text


def test_a_card_without_a_title_has_no_header():
    assert "<header>" not in html("{% card %}inside{% endcard %}")


def test_a_title_that_is_safe_is_not_escaped_again():
    assert "<h2>A &amp; B</h2>" in html("{% card title %}{% endcard %}", title=mark_safe("A &amp; B"))


def test_a_component_with_an_unknown_keyword_is_refused():
    with pytest.raises(TemplateSyntaxError):
        html('{% card "Files" colour="red" %}{% endcard %}')


def test_a_table_aligns_its_figures_and_hides_headings_for_the_eye():
    text = html(
        '{% table "Name" "Size" "Act" right="Size" unseen="Act" stacked=True %}<tr></tr>{% endtable %}'
    )

    assert '<table class="stacked">' in text
    assert '<th class="right"> Size </th>' in text
    assert '<span class="visually-hidden">Act</span>' in text


def test_a_blank_cell_of_a_stacked_table_is_empty_so_that_its_label_is_hidden_on_a_phone():
    text = html(
        '{% table "Compare" stacked=True %}'
        '<tr><td data-label="Compare"> {% if no %}{% endif %} </td></tr>{% endtable %}',
        no=False,
    )

    assert '<td data-label="Compare"></td>' in text


def test_a_table_with_a_label_can_be_reached_by_the_keyboard():
    text = html('{% table label="Cases by model" %}{% endtable %}')

    assert 'tabindex="0" role="region" aria-label="Cases by model"' in text
    assert "<thead>" not in text


def test_an_empty_state_is_a_card_unless_it_stands_in_one():
    assert '<div class="card empty"><strong>Nothing</strong>' in html(
        '{% empty_state "Nothing" %}{% endempty_state %}'
    )
    assert '<div class="empty">' in html('{% empty_state "Nothing" in_card=True %}{% endempty_state %}')


def test_a_badge_joins_its_words_and_escapes_them():
    text = html('{% badge "of" name tone="ok" title=name %}', name='"<x>')

    assert text == '<span class="badge ok" title="&quot;&lt;x&gt;">of &quot;&lt;x&gt;</span>'


def test_a_badge_with_an_address_is_a_link():
    assert html('{% badge "all" href="/teams/" %}') == '<a class="badge" href="/teams/">all</a>'


def test_the_chosen_tab_says_that_it_is_current():
    text = html(
        '{% tabs "Parts" %}{% tab "one" "One" "?tab=one" chosen="two" %}'
        '{% tab "two" "Two" "teams" chosen="two" count=2 hot=True %}{% endtabs %}'
    )

    assert text.count('aria-current="page"') == 1
    assert '<a href="/teams/" aria-current="page">Two <span class="count hot">2</span></a>' in text


def test_the_pager_keeps_the_query():
    assert 'href="?q=x&amp;cursor=next"' in html("{% pager 'next' %}")
    assert html("{% pager None %}") == ""


def test_a_meter_without_a_limit_says_so():
    assert "no limit" in html("{% meter None high=80 %}")
    assert 'high="80" value="40" aria-label="Used"' in html("{% meter 40 high=80 %}")


def test_a_form_that_posts_carries_its_token_and_hidden_fields():
    text = html(
        '{% post_form "team-follow" "crew" classes="row" confirm="Sure?" on="1" %}'
        "<button>Go</button>{% endpost_form %}"
    )

    assert 'method="post" class="row" action="/@crew/-/follow/" data-confirm="Sure?"' in text
    assert 'name="csrfmiddlewaretoken"' in text
    assert '<input type="hidden" name="on" value="1">' in text


def test_a_form_without_an_address_posts_to_its_page():
    assert "action=" not in html("{% post_form %}{% endpost_form %}")


def test_a_field_ties_label_input_and_hint_together():
    text = html('{% field "Name" "name" hint="Short." optional=True %}<input id="name">{% endfield %}')

    assert '<label for="name"> Name <span class="hint">optional</span></label><input id="name">' in text
    assert '<p class="hint" id="name-hint">Short.</p>' in text


def test_what_is_copied_is_escaped():
    assert 'data-copy="&quot;x&quot;" aria-label="Copy the line"' in html(
        "{% snippet text 'the line' %}", text='"x"'
    )


@pytest.mark.parametrize("verdict", VERDICTS)
def test_every_verdict_has_words_that_the_help_explains(verdict):
    words, _ = VERDICTS[verdict]
    explained = (settings.BASE_DIR / "docs" / "help" / "verdicts.md").read_text(encoding="utf-8")

    assert words in html("{% verdict_badge verdict %}", verdict=verdict)
    assert f"| {words} |" in explained


def test_a_verdict_badge_can_lead_to_the_evaluation():
    assert (
        html('{% verdict_badge "regresses" href="/evals/" prefix="evals:" %}')
        == '<a class="badge bad" href="/evals/">evals: worse</a>'
    )


@pytest.mark.parametrize(
    ("state", "text"),
    [
        ("held=True running=True clean=False findings=3", '<span class="badge bad">held</span>'),
        ("held=False running=True clean=False findings=3", '<span class="badge accent">running</span>'),
        ("held=False running=False clean=False findings=1", '<span class="badge warn">1 finding</span>'),
        ("held=False running=False clean=True findings=2", '<span class="badge ok">clean: 2 findings</span>'),
        ("held=False running=False clean=True findings=0", '<span class="badge ok">clean</span>'),
    ],
)
def test_the_check_badge_shows_the_worst_news(state, text):
    assert html(f"{{% check_badge {state} %}}") == text
