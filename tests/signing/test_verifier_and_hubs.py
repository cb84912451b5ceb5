"""skillhub-verify.py asks a hub: keys are pinned and followed, and a hub that lies is found."""

import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from skills.delivery.content import zip_of
from skills.signing import keys, skillhub_verify
from skills.signing.models import SignedDocument
from tests.signing.kept import Kept
from tests.signing.making import a_signed_release, envelope_of


class Hub:
    """A hub on a port of its own that shows what the test tells it to show."""

    def __init__(self) -> None:
        self.pages: dict[str, object] = {}
        pages = self.pages

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                page = pages.get(self.path)
                self.send_response(200 if page is not None else 404)
                self.end_headers()
                self.wfile.write(json.dumps(page).encode())

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}"

    def show(self, kept: Kept) -> None:
        at = "/api/v1/skills/crew/greet-people/versions/1.0.0"
        self.pages[f"{at}/statement"] = kept.read("statement")
        self.pages["/.well-known/skillhub/keys.dsse.json"] = SignedDocument.objects.get(name="keys").envelope
        self.pages["/.well-known/skillhub/snapshot.json"] = kept.read("snapshot")

    def verify(self, kept: Kept) -> int:
        address = f"{self.address}/api/v1/skills/crew/greet-people/versions/1.0.0"
        return skillhub_verify.main([str(kept.zip), "--from", address, "--home", str(kept.place / "home")])


@pytest.fixture
def hub(kept, monkeypatch):
    monkeypatch.delenv("SKILLHUB_TOKEN", raising=False)
    hub = Hub()
    hub.show(kept)
    yield hub
    hub.server.shutdown()
    hub.server.server_close()


def test_the_first_use_pins_the_keys(hub, kept, capsys):
    assert hub.verify(kept) == 0
    assert "Pinned the keys" in capsys.readouterr().out

    assert hub.verify(kept) == 0
    assert "Pinned the keys" not in capsys.readouterr().out


def test_keys_that_a_pinned_key_vouches_for_are_followed(hub, kept):
    assert hub.verify(kept) == 0
    keys.rotate()
    kept.refresh()
    hub.show(kept)

    assert hub.verify(kept) == 0


def test_keys_that_nobody_vouches_for_are_refused(hub, kept):
    assert hub.verify(kept) == 0
    for key in keys.signing_keys():
        keys.revoke(keyid=key.keyid, reason="lost")
    kept.refresh()
    hub.show(kept)

    assert hub.verify(kept) == skillhub_verify.UNKNOWN_KEYS


def test_an_older_list_of_keys_is_refused(hub, kept):
    before = SignedDocument.objects.get(name="keys").envelope
    keys.rotate()
    kept.refresh()
    hub.show(kept)
    assert hub.verify(kept) == 0

    hub.pages["/.well-known/skillhub/keys.dsse.json"] = before

    assert hub.verify(kept) == skillhub_verify.UNKNOWN_KEYS


def test_a_hub_that_hides_its_snapshot_is_found(hub, kept):
    del hub.pages["/.well-known/skillhub/snapshot.json"]

    assert hub.verify(kept) == skillhub_verify.NOT_CURRENT


def test_a_hub_that_gives_the_statement_on_another_release_is_found(hub, kept, owner, mate, team):
    other = a_signed_release(owner, mate, team, name="other", wanted="public")
    kept.zip.write_bytes(zip_of(other))
    kept.refresh()
    hub.show(kept)
    hub.pages["/api/v1/skills/crew/greet-people/versions/1.0.0/statement"] = envelope_of(other)

    assert hub.verify(kept) == skillhub_verify.WITHDRAWN


def test_a_hub_that_is_away_has_its_own_status(hub, kept):
    hub.server.shutdown()
    hub.server.server_close()

    assert hub.verify(kept) == skillhub_verify.AWAY
