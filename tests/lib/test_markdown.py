"""Markdown of strangers becomes HTML that is safe on our pages."""

import re
import time

import pytest
from bs4 import BeautifulSoup

from skills.bundles.links import BundlePlaces
from skills.lib.markdown import at_version, code_html, render


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("a *b* **c** ~~d~~", "<p>a <em>b</em> <strong>c</strong> <s>d</s></p>"),
        ("`x < y`", "<p><code>x &lt; y</code></p>"),
        ("3. three", '<ol start="3">\n<li>three</li>\n</ol>'),
        ("> said", "<blockquote>\n<p>said</p>\n</blockquote>"),
        ("", ""),
    ],
)
def test_text_is_shown_as_written(text, html):
    assert render(text).strip() == html


@pytest.mark.parametrize(
    ("text", "level", "name"),
    [
        ("# Title", "h2", "text-title"),
        ("##### Deep", "h6", "text-deep"),
        ("###### Deeper", "h6", "text-deeper"),
        ("## Use `x.py`, then: *go*!", "h3", "text-use-xpy-then-go"),
        ("## Über 会議", "h3", "text-%C3%BCber-%E4%BC%9A%E8%AD%B0"),
        ("## !!!", "h3", "text-section"),
        ("## main", "h3", "text-main"),
        (f"## {'a' * 500}", "h3", f"text-{'a' * 80}"),
    ],
)
def test_a_heading_can_be_linked_to_by_a_name_that_no_id_of_the_page_has(text, level, name):
    heading = BeautifulSoup(render(text), "html.parser").find(level)

    assert heading["id"] == name
    assert heading.a["href"] == f"#{name}"
    assert heading.a["aria-label"] == "Link to this heading"


def test_headings_of_the_same_words_have_names_of_their_own():
    headings = BeautifulSoup(render("# A\n# A\n# A-1\n# A\n# A-1"), "html.parser").find_all("h2")

    assert [heading["id"] for heading in headings] == [
        "text-a",
        "text-a-1",
        "text-a-1-1",
        "text-a-2",
        "text-a-1-2",
    ]


def test_a_link_to_a_heading_finds_it():
    html = BeautifulSoup(render("# Über uns\n\n[up](#Über-uns) [top](#)"), "html.parser")

    assert [link["href"] for link in html.p.find_all("a")] == [f"#{html.h2['id']}", "#"]


def test_tasks_are_boxes_that_say_whether_they_are_done():
    html = BeautifulSoup(
        render("- [ ] one\n- [x] *two*\n\n1. [X] three\n\n- [y] four\n- [x]five"), "html.parser"
    )

    boxes = html.find_all("input")
    assert [(box["type"], box["aria-label"], box.has_attr("checked")) for box in boxes] == [
        ("checkbox", "to do", False),
        ("checkbox", "done", True),
        ("checkbox", "done", True),
    ]
    assert all(box.has_attr("disabled") for box in boxes)
    assert [item.get_text(strip=True) for item in html.find_all("li")] == [
        "one",
        "two",
        "three",
        "[y] four",
        "[x]five",
    ]


def test_an_address_of_a_version_cannot_be_forged():
    text = '[x](version:files/a) <a href="version:files/b"> `<a href="version:files/c">` ![y](version:d)'

    html = at_version(render(text, BundlePlaces({}, "SKILL.md")), "/@a/b/v/1.0.0/")

    assert "/@a/b" not in html


def test_front_matter_is_not_shown():
    assert render("---\nname: a\n---\n\nBody.").strip() == "<p>Body.</p>"


def test_a_table_is_a_table():
    html = render("| a | b |\n|---|--:|\n| 1 | 2 |")

    assert "<thead>" in html
    assert html.count("<td") == 2


@pytest.mark.parametrize("address", ["https://example.org/a", "http://example.org", "mailto:a@example.org"])
def test_links_lead_out_without_our_name(address):
    assert (
        render(f"[x]({address})").strip() == f'<p><a href="{address}" rel="nofollow noopener ugc">x</a></p>'
    )


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", "vbscript:x", "file:///etc/passwd"],
)
def test_links_that_run_something_lead_nowhere(address):
    assert "href" not in render(f"[x]({address})")
    assert "href" not in render(f"[x][y]\n\n[y]: {address}")


@pytest.mark.parametrize(
    "html",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<div onclick=x>",
        "<!-- a comment -->",
        "<iframe src=//example.org></iframe>",
        "<svg/onload=alert(1)>",
        "<style>*{display:none}</style>",
    ],
)
def test_html_is_shown_as_text(html):
    shown = render(f"before\n\n{html}\n\nafter {html}")

    assert shown.count("<") == shown.count("<p>") + shown.count("</p>")
    assert shown.count("&lt;") >= 2


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("![a picture](https://tracker.example/x.png)", "a picture"),
        ("![](https://tracker.example/x.png)", "x.png"),
        ("![a *picture*](//tracker.example/x.png)", "a picture"),
        ("[![built](https://tracker.example/x.svg)](https://example.org)", "built"),
    ],
)
def test_pictures_from_elsewhere_are_words_because_they_would_tell_who_reads(text, words):
    html = render(text)

    assert "<img" not in html
    assert "tracker" not in html
    assert BeautifulSoup(html, "html.parser").get_text(strip=True) == words


def test_code_is_coloured_and_can_be_scrolled_by_keyboard():
    html = render("```python\nimport os\n```")

    assert html.startswith('<pre tabindex="0"><code>')
    assert '<span class="hl-' in html


@pytest.mark.parametrize("language", ["", "no-such-language", "python onmouseover=x"])
def test_code_of_an_unknown_language_is_shown_plain_or_by_its_first_word(language):
    html = render(f"```{language}\n<b>&\n```")

    assert "&lt;" in html
    assert "<b>" not in html
    assert "onmouseover" not in html


@pytest.mark.parametrize(
    ("path", "coloured"), [("a.py", True), ("run.sh", True), ("a.unknown", False), ("", False)]
)
def test_a_file_is_coloured_by_its_name(path, coloured):
    html = code_html("if x: pass # <b>", path=path)

    assert ("hl-" in html) is coloured
    assert "<b>" not in html


def test_a_large_file_is_shown_plain():
    assert code_html("x = 1\n" * 40_000, path="a.py") == "x = 1\n" * 40_000


@pytest.mark.parametrize(
    "part",
    [
        "# a\n",
        "- [ ] a\n",
        "![a](b)",
        "[a](b) ",
        "# a-1\n# a\n",
        f"# {'a' * 90}\n",
        "[",
        "*a ",
        "`",
        "![[",
        "_a",
        "> ",
        "- ",
        "<a",
        "\\",
        "[a](",
    ],
)
def test_odd_text_is_rendered_in_one_go(part):
    render(part * (4_000 // len(part)))


def test_headings_that_begin_alike_are_named_in_one_go():
    headings = "".join(f"# {'a' * 90}{number}\n" for number in range(2_000))
    started = time.process_time()

    ids = set(re.findall(r' id="([^"]+)"', render(headings)))

    assert len(ids) == 2_000
    assert time.process_time() - started < 3
