"""`make dev`: the product serves what was just written, and outlives code that does not import."""

import shutil

import httpx
import psutil
import pytest

from tests.product.conftest import ROOT, discard, new_product, until

pytestmark = pytest.mark.product

PATIENCE = 150  # seconds; a busy machine takes its time to import the product anew
PARTS = ("skillhub", "skills", "static", "templates", "docs/help")


def page_says(product, words: str) -> bool:
    try:
        return words in httpx.get(f"{product.url}/docs/").text
    except httpx.TransportError:  # between two web processes
        return False


def runs_celery(process: psutil.Process) -> bool:
    try:
        return process.cmdline()[1:3] == ["-m", "celery"]
    except psutil.NoSuchProcess:
        return False


def workers(product) -> set[int]:
    """The Celery processes, without those that watch the files for them."""
    children = psutil.Process(product.process.pid).children(recursive=True)
    return {child.pid for child in children if runs_celery(child)}


def rewrite(path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


@pytest.fixture(scope="module")
def followed(tmp_path_factory):
    """A product that follows a copy of this checkout, which tests may change."""
    checkout = tmp_path_factory.mktemp("checkout")
    for part in PARTS:
        shutil.copytree(ROOT / part, checkout / part)
    shutil.copy(ROOT / "manage.py", checkout)
    made = new_product(DEMO="0", DEBUG="1")
    made.checkout, made.options = checkout, ("--reload",)
    made.start()
    until(lambda: page_says(made, "<h1>Help") and "evals@" in made.log)  # now every part follows the files
    yield made
    discard(made)


def test_a_changed_template_is_served(followed):
    rewrite(followed.checkout / "templates/docs/index.html", "<h1>", "<h1>Changed ")

    assert until(lambda: page_says(followed, "<h1>Changed "), PATIENCE)


def test_changed_code_is_served_and_broken_code_is_waited_out(followed):
    view = followed.checkout / "skills/web/views/docs.py"
    before = workers(followed)

    rewrite(view, "Publishing a skill", "Publishing (")
    assert until(lambda: page_says(followed, "Publishing ("), PATIENCE)
    rewrite(view, "PAGES = {", "PAGES = {{")
    assert until(lambda: "SyntaxError" in followed.log, PATIENCE)
    rewrite(view, "PAGES = {{", "PAGES = {")
    rewrite(view, "Publishing (", "Publishing again")

    assert until(lambda: page_says(followed, "Publishing again"), PATIENCE)
    assert until(lambda: workers(followed) - before, PATIENCE)


def test_it_takes_no_other_option():
    product = new_product()
    product.options = ("--relaod",)

    with pytest.raises(AssertionError, match="takes --reload alone"):
        product.start()

    discard(product)
