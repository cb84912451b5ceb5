"""The story in a real browser, axe on every page, and phones."""

import hashlib
import os
import re
from pathlib import Path

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from bs4 import BeautifulSoup

from tests.product.conftest import PASSWORD, until

pytestmark = pytest.mark.product
SHOTS = Path(os.environ["SCREENSHOTS"]) if os.environ.get("SCREENSHOTS") else None
BAD = "---\nname: &tide Tide Times\n---\n\nRead the table.\n"
GOOD = (
    "---\nname: tide-times\n"
    "description: Reads a tide table and says when it is safe to cross. Use before a walk to an island.\n"
    "license: Apache-2.0\n---\n\n# Read a tide table\n\n1. Find the place and the date.\n"
    "2. Take the low water and one hour on either side.\n"
)


def signed_in(browser, product, who: str, **options):
    context = browser.new_context(base_url=product.url, **options)
    page = context.new_page()
    faults: list[str] = []
    expected = re.compile(
        r"status of (400|404|410)"
    )  # refused uploads and missing pages are answers, not faults
    page.on(
        "console",
        lambda m: (
            faults.append(m.text) if m.type in ("error", "warning") and not expected.search(m.text) else None
        ),
    )
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.faults = faults
    if who:
        page.goto("/account/login/")
        page.fill("input[name=login]", who)
        page.fill("input[name=password]", PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_selector("summary[aria-label='Account menu']")
    return page


def folder(tmp_path: Path, text: str, name: str) -> Path:
    path = tmp_path / name
    (path / "scripts").mkdir(parents=True, exist_ok=True)
    (path / "SKILL.md").write_text(text)
    (path / "scripts" / "tide.py").write_text("#!/usr/bin/env python3\nprint('low water')\n")
    return path


def publish(page, tmp_path, text: str, name: str) -> None:
    page.goto("/publish/")
    page.set_input_files("#folder", str(folder(tmp_path, text, name)))


def test_the_whole_story(browser, product, tmp_path):
    author, reviewer = signed_in(browser, product, "author"), signed_in(browser, product, "reviewer")

    publish(author, tmp_path, BAD, "first")
    author.wait_for_selector("text=problem to mend")
    text = author.inner_text("main")
    assert "yaml_alias" in text and "SKILL.md:2" in text

    publish(author, tmp_path, GOOD, "second")
    author.wait_for_url(re.compile("/uploads/"))
    assert "tide-times" in author.inner_text("h1")
    author.select_option("select[name=team]", "support")
    author.select_option("select[name=visibility]", "public")
    author.click("text=Submit for review >> nth=-1")
    author.wait_for_url(re.compile("/reviews/"))
    until(lambda: "In review" in author.inner_text("main"), 60)  # htmx follows the checks
    number = author.url.rstrip("/").split("/")[-1]

    reviewer.goto("/reviews/")
    reviewer.click("text=tide-times")
    reviewer.wait_for_selector("section.file")
    reviewer.wait_for_load_state()
    loads = []
    reviewer.on("load", lambda _: loads.append(1))
    for line, text in ((10, "Which tables count?"), (9, "Whose date, @author?")):
        reviewer.hover(f"tr:has(a[aria-label='Comment on line {line} of SKILL.md'])")
        reviewer.click(f"a[aria-label='Comment on line {line} of SKILL.md']")
        reviewer.wait_for_selector(".say-form textarea:focus")
        reviewer.keyboard.type(text)
        reviewer.click("text=Add to my review >> nth=0")
        reviewer.wait_for_selector(f".thread.draft:has-text('{text}')")
    reviewer.click("button[value=request_changes]")
    reviewer.wait_for_selector("text=Changes requested")
    assert loads == []

    author.goto(f"/reviews/{number}/")
    assert "See 2 comments beside the lines." in author.inner_text("main")
    assert "Which tables count?" in author.inner_text("table .talk >> nth=-1")
    author.click("text=Publish the mended files")
    text = GOOD + "3. Use the tables of the harbour office only.\n"
    author.set_input_files("#folder", str(folder(tmp_path, text, "third")))
    author.wait_for_url(re.compile("/uploads/"))
    author.click("text=Submit for review >> nth=-1")
    author.wait_for_url(re.compile("/reviews/"))
    until(lambda: "In review" in author.inner_text("main"), 60)

    reviewer.goto(author.url)
    assert "attempt 2" in reviewer.inner_text("main")
    digest = reviewer.get_attribute("button[aria-label='Copy the digest']", "data-copy")
    reviewer.click("button[value=approve]")
    reviewer.wait_for_selector("text=is approved")

    visitor = signed_in(browser, product, "")
    visitor.goto("/")
    visitor.fill("#q", "harbour tide")
    visitor.wait_for_selector("article:has-text('tide-times')")
    visitor.click("text=tide-times")
    line = visitor.get_attribute("button[aria-label='Copy The whole skill']", "data-copy")
    address = re.search(r"http\S+/zip", line).group()
    data = httpx.get(address).content
    assert "sha256:" + hashlib.sha256(data).hexdigest() == digest
    assert [author.faults, reviewer.faults, visitor.faults] == [[], [], []]


def test_a_review_works_without_a_script(browser, product):
    page = signed_in(browser, product, "reviewer", java_script_enabled=False)
    page.goto("/reviews/")
    page.click("table >> text=meeting-minutes")
    page.locator("main section.file a", has_text="Comment").first.click()
    page.fill(".say-form textarea", "Said *without* a script.")
    page.click("text=Comment now")
    thread = page.locator(".thread", has_text="Said without a script.")
    assert thread.locator("em").inner_text() == "without"
    thread.locator("text=Resolve").click()

    assert "resolved" in page.locator(".thread", has_text="Said without a script.").inner_text()


def test_search_works_without_a_script(browser, product):
    page = signed_in(browser, product, "", java_script_enabled=False)
    page.goto("/")
    page.fill("#q", "minutes of a meeting")
    page.press("#q", "Enter")

    assert "meeting-minutes" in page.inner_text("main")


def test_live_search_and_facets(browser, product):
    page = signed_in(browser, product, "")
    page.goto("/")
    page.fill("#q", "report")
    assert until(lambda: re.search(r"\d+ skills? found", page.text_content("#announce") or ""), 15)
    assert "q=report" in page.url
    assert page.locator("mark").count() > 0

    every = int(re.match(r"\d+", page.inner_text("#count")).group())
    facet = page.locator("aside .facet a", has_text="engineering").first
    counted = int(facet.locator(".soft").inner_text())
    facet.click()
    page.wait_for_url(re.compile("team=engineering"))
    assert int(re.match(r"\d+", page.inner_text("#count")).group()) == counted < every
    page.click("aside a[aria-current=true]")
    page.wait_for_url(lambda url: "team=" not in url)
    assert page.faults == []


def test_the_keyboard_reaches_everything(browser, product):
    page = signed_in(browser, product, "reader")
    page.goto("/@engineering/code-review/")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.type") == "search"
    page.keyboard.type("incident")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"\?q=incident"))
    page.click("summary[aria-label='Account menu']")
    page.keyboard.press("Escape")
    assert not page.is_visible("text=Sign out")


def test_an_evaluation_from_launch_to_verdict(browser, product):
    author = signed_in(browser, product, "author")
    author.goto("/@support/reply-to-complaint/v/1.1.0/")
    author.click("nav[aria-label='Parts of the skill'] >> text=Evals")
    author.click("text=Evaluate 1.1.0")
    before = author.inner_text("#estimate")
    author.uncheck("text=scripted-medium")
    until(lambda: author.inner_text("#estimate") != before, 15)  # the estimate follows the choice
    author.fill("input[name=repeats]", "1")
    author.click("button:has-text('Evaluate')")
    author.wait_for_url(re.compile(r"/runs/\d+/$"))
    assert "scripted: no model was asked" in author.inner_text("main")
    author.wait_for_selector(
        "text=/Helps on|No clear effect/", timeout=90_000
    )  # the page follows the run by itself
    assert author.locator(".whiskers tbody tr").count() == 2
    assert author.locator(".matrix tbody tr").count() == 8
    author.click(".matrix a.cell >> nth=0")
    author.wait_for_selector("text=Assertions")
    author.click("text=transcript >> nth=-1")
    author.wait_for_selector("h1:has-text('Transcript')")
    assert author.faults == []


def test_an_evaluation_is_cancelled_within_two_seconds(browser, product):
    author = signed_in(browser, product, "author")
    author.goto("/@support/reply-to-complaint/v/1.1.0/evaluate/")
    author.fill("input[name=repeats]", "10")
    author.click("button:has-text('Evaluate')")
    author.wait_for_url(re.compile(r"/runs/\d+/$"))
    run = author.url.rstrip("/").split("/")[-1]
    author.wait_for_selector("text=/[1-9]\\d* of 660 trials/", timeout=90_000)
    author.click("button:has-text('Cancel')")
    api = product.api("author")
    until(lambda: api.get(f"/runs/{run}").json()["state"] == "cancelled", 4)
    author.goto(f"/runs/{run}/")
    assert "Resume" in author.inner_text("main")


def pages(product) -> dict[str, list[str]]:
    """Every kind of page by who looks at it."""
    queue = BeautifulSoup(product.sign_in("reviewer").get("/reviews/?filter=all").text, "html.parser")
    links = [link for link in queue.select("a[href^='/reviews/']") if link.strong]
    reviews = {link.strong.get_text(strip=True): link["href"] for link in links}
    review = reviews["meeting-minutes"]
    skill = "/@finance/invoice-triage/"
    return {
        "": [
            "/",
            "/?q=review",
            "/?q=zzzzqqqq",
            "/@engineering/",
            "/@engineering/code-review/",
            "/docs/",
            "/docs/bundles/",
            "/docs/reference/",
            "/styleguide/",
            "/account/login/",
            "/account/signup/",
            "/account/password/reset/",
            "/nothing-here/",
            "/invitations/none/",
        ],
        "author": [
            "/publish/",
            "/reviews/?filter=mine",
            "/notices/",
            "/account/",
            "/account/tokens/",
            "/account/notifications/",
            "/account/email/",
            "/account/password/change/",
            "/account/two-factor/",
            "/account/sessions/",
            skill,
            f"{skill}tools/",
            f"{skill}evals/",
            f"{skill}files/",
            f"{skill}versions/",
            f"{skill}v/1.1.0/files/scripts/vat.py",
            f"{skill}compare/1.0.0...1.1.0/",
            f"{skill}report/",
            "/people/author/",
            "/teams/",
            "/teams/new/",
            device_page(product),
            "/cli/device?user_code=GONE-GONE",
            "/cli/auth?redirect_uri=http%3A%2F%2F127.0.0.1%3A51234%2Fcallback&state=abc",
            "/@finance/expense-policy/v/1.0.0/",
        ],
        "reviewer": [
            "/reviews/",
            review,
            f"{review}?tab=findings",
            f"{review}?tab=inventory",
            f"{review}?tab=files",
            f"{review}?tab=talk",
            "/runs/",
            "/runs/2/",
            "/runs/2/?filter=improved",
            "/@support/reply-to-complaint/evals/",
            "/@support/reply-to-complaint/v/1.1.0/evaluate/",
            "/@support/reply-to-complaint/v/1.1.0/cases/",
            "/@support/reply-to-complaint/hidden-cases/",
            "/docs/verdicts/",
            *cell_pages(product),
        ],
        "admin": [
            "/audit/",
            "/people/",
            "/reports/",
            f"{skill}settings/",
            "/@finance/-/members/",
            "/@finance/-/policy/",
            "/@finance/-/services/",
            f"{skill}versions/",
            "/@finance/-/portfolio/",
            "/@finance/-/overlaps/",
            "/searches/",
            "/models/",
            "/models/1/",
            "/models/of/1/",
            "/budgets/",
            budget_page(product),
        ],
    }


def cell_pages(product) -> list[str]:
    """One cell of the demo's evaluation, once it is there, and one transcript."""
    client = product.sign_in("reviewer")
    cell = until(lambda: re.search(r"/runs/2/cells/\w+/\d+/", client.get("/runs/2/").text), 90).group()
    return [cell, re.search(r"/runs/\d+/trials/\d+/", client.get(cell).text).group()]


def device_page(product) -> str:
    """Where a person agrees to the sign-in of a CLI."""
    asked = httpx.post(f"{product.url}/api/cli/device/code", json={"label": "a laptop"}).json()
    return f"/cli/device?user_code={asked['user_code']}"


def budget_page(product) -> str:
    return re.findall(r"/budgets/\d+/", product.sign_in("admin").get("/budgets/").text)[-1]


AXE_RULES = {
    "light": {"resultTypes": ["violations"]},
    # Dark pages differ in their colours alone.
    "dark": {"resultTypes": ["violations"], "runOnly": ["color-contrast"]},
}
WIDE = {"width": 1440, "height": 900}


@pytest.mark.parametrize("who", ["", "author", "reviewer", "admin"])
def test_axe_finds_nothing_and_no_page_scrolls_sideways_on_a_phone(who, browser, product):
    faults, violations, sideways = [], [], []
    page = signed_in(browser, product, who, viewport=WIDE)

    # One visit of a page serves all four looks at it: there are more than a hundred pages.
    for address in pages(product)[who]:
        page.goto(address)
        faults += page.faults
        for scheme in AXE_RULES:
            violations += [(address, scheme, *found) for found in violations_in(page, scheme)]
            shoot(page, who, address, f"wide-{scheme}")
        for width in (390, 320):
            page.set_viewport_size({"width": width, "height": 800})
            if page.evaluate("document.documentElement.scrollWidth") > width:
                sideways.append((address, width))
            shoot(page, who, address, f"phone-{width}")
        page.set_viewport_size(WIDE)
        page.faults.clear()  # axe's own: the policy for content refuses its styles
    page.context.close()

    assert violations == []
    assert sideways == []
    assert faults == []


def violations_in(page, scheme: str) -> list[tuple[str, list[str]]]:
    """The rules that the page breaks in that colour scheme, and up to three places of each."""
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    found = Axe().run(page, options=AXE_RULES[scheme]).response["violations"]
    return [(broken["id"], [node["html"][:140] for node in broken["nodes"]][:3]) for broken in found]


def shoot(page, who: str, address: str, kind: str) -> None:
    """Keep a picture where SCREENSHOTS names a folder; people look at them."""
    if SHOTS is None:
        return
    name = re.sub(r"\W+", "-", address).strip("-") or "home"
    (SHOTS / kind).mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SHOTS / kind / f"{who or 'visitor'}-{name}.png", full_page=True)
