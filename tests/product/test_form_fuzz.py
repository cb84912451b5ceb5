"""Walks through the pages and sends every form with hostile values: an answer each time, never a 5xx.

It has a product of its own, because what it sends may change anything. In CI nobody sends a form of a kind
that somebody sent before. Admins come last: what they send may close the accounts of the others.
"""

import os
import random
import re
from collections import Counter
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

import httpx
import pytest
from bs4 import BeautifulSoup, Tag

from tests.product.conftest import discard, new_product

pytestmark = pytest.mark.product
SOAK = bool(os.environ.get("SOAK"))
TRIES = 40 if SOAK else 1  # of one form
PAGES = 20 if SOAK else 3  # of one kind that are looked at
FORMS = 6 if SOAK else 1  # of one kind that are sent
NAMES = re.compile(
    r"@[\w-]+(?:/(?!-/)[\w-]+)?|(?<=/people/)[\w-]+"
    r"|[0-9a-f]{12,}|[0-9a-f]{8}-[0-9a-f-]{27}|\d+",
)
HOSTILE = [
    "",
    " ",
    "\0",
    "\r\n",
    "x" * 6000,
    "-1",
    "0",
    "1e400",
    "NaN",
    "9" * 23,
    "²",
    "١٢",
    "../../etc",
    "'\"><b>",
    "𝕏\u202e",
    "1.2.3.4",
    "null",
    "[]",
    '{"a":',
    "a@b",
    "2026-13-45",
    "%00",
    "public",
    "approve",
    "//example.org/",
    "javascript:1",
]
ZIPS = [b"", b"PK\x03\x04junk", b"\0" * 100]
LEFT_OUT = re.compile(r"logout|deactivate|password/|/static/|\.zip$|/sessions/|two-factor|/email/")
SEEDS = {
    "": ["/", "/account/login/"],
    "author": [
        "/",
        "/publish/",
        "/account/",
        "/account/tokens/",
        "/account/notifications/",
        "/teams/new/",
        "/reviews/?filter=mine",
    ],
    "reviewer": [
        "/reviews/",
        "/runs/2/",
        "/@support/reply-to-complaint/v/1.1.0/evaluate/",
        "/@support/reply-to-complaint/hidden-cases/",
    ],
    "admin": [
        "/@finance/invoice-triage/settings/",
        "/@finance/-/policy/",
        "/@finance/-/services/",
        "/models/",
        "/budgets/",
        "/people/",
        "/reports/",
        "/audit/",
    ],
}


@dataclass
class Form:
    """Where it goes, and what each field of it may hold by itself."""

    action: str
    method: str
    fields: dict[str, list[str]]
    files: list[str]

    @classmethod
    def read(cls, form: Tag) -> "Form":
        fields: dict[str, list[str]] = {}
        named = form.find_all(["input", "textarea", "button", "select"], attrs={"name": True})
        for one in named:
            values = [option.get("value", "") for option in one.find_all("option")] or [one.get("value", "")]
            fields.setdefault(one["name"], []).extend(values)
        files = [one["name"] for one in named if one.get("type") == "file"]
        for name in files:
            del fields[name]
        return cls(form.get("action", ""), form.get("method", "get").lower(), fields, files)


class Walk:
    """One person's walk; `faults` are the answers that should not have been given."""

    def __init__(self, client: httpx.Client, seed: int | None, forms: Counter[tuple]) -> None:
        self.client, self.chance = client, random.Random(seed)
        self.pages: Counter[tuple] = Counter()
        self.forms = forms
        self.faults: list[tuple] = []
        self.sent = 0

    def is_new(self, met: Counter[tuple], most: int, *kind: str) -> bool:
        """Whether fewer than MOST like it were MET yet; names, numbers and digests make no difference."""
        alike = tuple(NAMES.sub("N", part) for part in kind)
        met[alike] += 1
        return met[alike] <= most and not any(map(LEFT_OUT.search, kind))

    def ask(self, method: str, path: str, **sent) -> httpx.Response:
        answer = self.client.request(method, path, follow_redirects=False, **sent)
        self.sent += 1
        if answer.status_code >= 500:
            self.faults.append((answer.status_code, method, path, sent))
        return answer

    def through(self, paths: list[str]) -> None:
        seen: set[str] = set()
        for path in paths:  # grows while we walk
            if path in seen or not self.is_new(self.pages, PAGES, path.partition("?")[0]):
                continue
            seen.add(path)
            answer = self.ask("GET", path)
            self.ask(
                "GET",
                path,
                params={
                    self.chance.choice(("q", "cursor", "filter", "sort", "tab", "against")): self.hostile()
                },
            )
            if "location" in answer.headers:
                paths.append(self.here(path, answer.headers["location"]))
            if "text/html" in answer.headers.get("content-type", ""):
                page = BeautifulSoup(answer.text, "html.parser")
                links = [tag.get("href") or tag.get("hx-get") for tag in page.select("body [href], [hx-get]")]
                paths += filter(None, (self.here(path, link) for link in links))
                for form in map(Form.read, page.find_all("form")):
                    self.send(form, self.here(path, form.action) or path, path)

    def here(self, path: str, link: str) -> str:
        """LINK on the page at PATH as a path of ours; empty where it leads elsewhere."""
        there = urlsplit(urljoin(f"{self.client.base_url}".rstrip("/") + path, link))
        ours = there.netloc == self.client.base_url.netloc.decode()
        return f"{there.path}{'?' * bool(there.query)}{there.query}" if ours else ""

    def send(self, form: Form, path: str, page: str) -> None:
        if not self.is_new(self.forms, FORMS, form.method, path.partition("?")[0], *sorted(form.fields)):
            return
        for _ in range(TRIES):
            values = {name: self.value(known) for name, known in form.fields.items()}
            if form.method == "get":
                self.ask("GET", path, params=values)
                continue
            values["csrfmiddlewaretoken"] = self.client.cookies.get("csrftoken", "")
            files = {name: ("a.zip", self.chance.choice(ZIPS)) for name in form.files} or None
            self.ask(
                "POST", path, data=values, files=files, headers={"Referer": f"{self.client.base_url}{page}"}
            )

    def value(self, known: list[str]) -> str:
        return self.hostile() if not known or self.chance.random() < 0.6 else self.chance.choice(known)

    def hostile(self) -> str:
        return self.chance.choice(HOSTILE)


@pytest.fixture(scope="module")
def product():
    made = new_product()
    made.start()
    yield made
    discard(made)


@pytest.fixture(scope="module")
def forms():
    """How many forms of each kind were sent, by whomever."""
    return Counter()


@pytest.mark.parametrize("who", SEEDS)
def test_every_form_takes_anything(who, product, forms):
    client = product.sign_in(who) if who else httpx.Client(base_url=product.url, timeout=30)
    walk = Walk(client, None if SOAK else 1, Counter() if SOAK else forms)

    walk.through(list(SEEDS[who]))

    assert walk.faults == []
    assert walk.sent > (20 if not who else 100)
