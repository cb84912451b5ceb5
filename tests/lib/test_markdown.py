"""Markdown of strangers becomes HTML that is safe on our pages."""

import pytest

from skills.lib.markdown import code_html, render


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("# Title", "<h2>Title</h2>"),
        ("##### Deep", "<h6>Deep</h6>"),
        ("###### Deeper", "<h6>Deeper</h6>"),
        ("a *b* **c** ~~d~~", "<p>a <em>b</em> <strong>c</strong> <s>d</s></p>"),
        ("`x < y`", "<p><code>x &lt; y</code></p>"),
        ("3. three", '<ol start="3">\n<li>three</li>\n</ol>'),
        ("> said", "<blockquote>\n<p>said</p>\n</blockquote>"),
        ("", ""),
    ],
)
def test_text_is_shown_as_written(text, html):
    assert render(text).strip() == html


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


def test_images_are_left_out_because_they_would_tell_who_reads():
    assert "<img" not in render("![a picture](https://tracker.example/x.png)")


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


@pytest.mark.parametrize("part", ["[", "*a ", "`", "![[", "_a", "> ", "- ", "<a", "\\", "[a]("])
def test_odd_text_is_rendered_in_one_go(part):
    render(part * (4_000 // len(part)))
