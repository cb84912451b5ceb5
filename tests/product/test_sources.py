"""A Git source in a real browser: add it, see the change, have it reviewed, and an agent fetches it."""

import os
import re
from pathlib import Path

import httpx
import pytest

from tests.factories import skill_md
from tests.product.conftest import until
from tests.product.test_browser import signed_in

pytestmark = pytest.mark.product
SHOTS = Path(os.environ["SCREENSHOTS"]) if os.environ.get("SCREENSHOTS") else None
SKILL = "skills/harbour-fees/SKILL.md"


def shoot(page, name: str) -> None:
    """The page as a desk and a phone show it, light and dark, where somebody wants to look at it."""
    if SHOTS is None:
        return
    for width in (1440, 390):
        for scheme in ("light", "dark"):
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme=scheme)
            page.screenshot(path=SHOTS / f"source-{name}-{width}-{scheme}.png", full_page=True)
    page.set_viewport_size({"width": 1440, "height": 900})


def finish(page) -> str:
    """What the page of a sync says once it has ended; htmx follows it."""
    until(lambda: re.search("done|failed", page.inner_text("main")), 90)
    return page.inner_text("main")


def test_a_git_source_is_added_seen_reviewed_approved_and_fetched(browser, product, git):
    repository = git.repository("fees")
    repository.commit({SKILL: skill_md("harbour-fees", body="Ask the harbour master.")})
    admin, reviewer = signed_in(browser, product, "admin"), signed_in(browser, product, "reviewer")

    admin.goto("/@support/-/sources/")
    shoot(admin, "none")
    admin.click("main >> text=Add a source")
    shoot(admin, "new")
    admin.fill("input[name=url]", repository.url)
    admin.select_option("select[name=minutes]", "0")
    admin.click("button:has-text('Add the source')")
    admin.wait_for_url(re.compile(r"/sources/\d+/"))
    admin.click("text=See what would change")
    plan = finish(admin)
    assert "harbour-fees" in plan and "new" in plan
    shoot(admin, "plan")
    admin.click("text=Sync now")
    assert "harbour-fees" in finish(admin)
    shoot(admin, "sync")

    def is_in_the_queue() -> bool:
        reviewer.goto("/reviews/")
        return "harbour-fees" in reviewer.inner_text("main")

    until(is_in_the_queue, 60)  # once its checks have run
    reviewer.click("text=harbour-fees")
    until(lambda: "In review" in reviewer.inner_text("main"), 60)
    reviewer.click("button[value=approve]")
    reviewer.wait_for_selector("text=is approved")

    headers = {"Authorization": f"Bearer {product.token('author', 'read')}"}
    address = f"{product.url}/api/v1/skills/support/harbour-fees/versions/1.0.0"
    served = httpx.get(f"{address}/files/SKILL.md", headers=headers)
    assert served.content == skill_md("harbour-fees", body="Ask the harbour master.").encode()
    provenance = httpx.get(address, headers=headers).json()["provenance"]
    assert (provenance["url"], provenance["path"]) == (repository.url, "skills/harbour-fees")

    repository.commit({SKILL: skill_md("harbour-fees", body="Ask the harbour office.")})
    admin.goto("/@support/-/sources/")
    shoot(admin, "list")
    admin.click("main >> text=fees.git")
    admin.click("text=Sync now")
    assert re.search(r"1\.0\.0\s+1\.0\.1", finish(admin))
    admin.click("main >> a:has-text('fees.git')")
    admin.click("text=Make a secret")
    admin.wait_for_selector("text=Copy the secret now")
    shoot(admin, "source")
    assert admin.faults == [] and reviewer.faults == []
