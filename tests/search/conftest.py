"""The real embed process, started for the tests that need it; and a small shelf of skills."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from tests.factories import an_approved, files

SHELF = (
    ("invoice-triage", "Sorts incoming invoices.", "Match the supplier by VAT number.", "finance"),
    ("invoice", "Writes an invoice.", "One page.", "finance, writing"),
    (
        "meeting-minutes",
        "Turns notes into minutes.",
        "Owners and dates for every task, and the invoice.",
        "writing",
    ),
    ("sql-review", "Reads a query plan.", "Explain why a database query is slow.", "database"),
)


def a_skill_md(name: str, description: str, body: str, tags: str) -> bytes:
    head = (
        f"---\nname: {name}\ndescription: {description}\nallowed-tools: Read Grep\n"
        f"metadata:\n  tags: {tags}\n---\n"
    )
    return f"{head}\n{body}\n".encode()


@pytest.fixture
def shelf(owner, mate, team):
    """Four public skills and one the team keeps."""
    for name, *rest in SHELF:
        an_approved(owner, mate, team, name, wanted="public", content={"SKILL.md": a_skill_md(name, *rest)})
    an_approved(owner, mate, team, "payroll-secrets", content=files("payroll-secrets", body="zanzibar"))


@pytest.fixture(scope="session")
def embed_address():
    """A socket where the product's own embed process answers with the shipped model."""
    folder = tempfile.mkdtemp(prefix="skillhub-embed-")
    address = f"{folder}/embed.sock"
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "skillhub.settings",
        "EMBED_ADDRESS": address,
        "HF_HUB_OFFLINE": "1",
    }
    process = subprocess.Popen([sys.executable, "manage.py", "embed"], env=environment)
    while not Path(address).exists():
        assert process.poll() is None, "the embed process did not start"
        time.sleep(0.1)
    yield address
    process.kill()
    process.wait()
    shutil.rmtree(folder)


@pytest.fixture
def meaning(settings, embed_address):
    """Searches and jobs use the embed process."""
    settings.EMBED, settings.EMBED_ADDRESS, settings.EMBED_SECONDS = True, embed_address, 30
