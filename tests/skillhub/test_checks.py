"""System checks: settings that would be unsafe or could not work are named at the start."""

import pytest

from skillhub.checks import check_environment


@pytest.fixture(autouse=True)
def _sound(settings, tmp_path, monkeypatch):
    """Settings with nothing to say about."""
    monkeypatch.delenv("LISTEN_HOST", raising=False)
    settings.PUBLIC_URL = "http://127.0.0.1:8000"
    settings.S3_BUCKET = ""
    settings.BLOBS_DIR = tmp_path / "blobs"
    settings.ALLOWED_HOSTS = ["hub.example"]
    settings.DEBUG = False
    settings.SSO_ISSUER = ""


def found():
    return [message.id for message in check_environment()]


def test_sound_settings_say_nothing():
    assert found() == []


@pytest.mark.parametrize(
    ("listens", "url", "ids"),
    [
        ("127.0.0.1", "http://127.0.0.1:8000", []),
        ("localhost", "http://127.0.0.1:8000", []),
        ("0.0.0.0", "http://127.0.0.1:8000", ["skillhub.W001"]),
        ("0.0.0.0", "https://hub.example", []),
    ],
)
def test_who_listens_to_the_network_tells_people_an_address_that_works(
    listens, url, ids, settings, monkeypatch
):
    monkeypatch.setenv("LISTEN_HOST", listens)
    settings.PUBLIC_URL = url

    assert found() == ids


def test_blobs_that_nothing_reads_are_named(settings):
    settings.S3_BUCKET = "hub"
    assert found() == []
    (settings.BLOBS_DIR / "ab").mkdir(parents=True)
    assert found() == []

    (settings.BLOBS_DIR / "ab" / "abcd").write_bytes(b"x")

    assert found() == ["skillhub.W002"]


@pytest.mark.parametrize(("debug", "ids"), [(False, ["skillhub.E001"]), (True, [])])
def test_every_host_name_is_an_error_outside_of_development(debug, ids, settings):
    settings.ALLOWED_HOSTS, settings.DEBUG = ["*"], debug

    assert found() == ids


@pytest.mark.parametrize(
    ("issuer", "ids"),
    [
        ("https://id.example", []),
        ("http://127.0.0.1:9000", []),
        ("http://localhost/realm", []),
        ("http://id.example", ["skillhub.E002"]),
        ("id.example", ["skillhub.E002"]),
    ],
)
def test_a_sign_in_that_anybody_could_listen_to_is_an_error(issuer, ids, settings):
    settings.SSO_ISSUER = issuer

    assert found() == ids


def test_every_message_says_how_to_mend_it(settings):
    settings.ALLOWED_HOSTS, settings.SSO_ISSUER = ["*"], "http://id.example"

    messages = check_environment()

    assert [message.id for message in messages] == ["skillhub.E001", "skillhub.E002"]
    assert all(message.hint for message in messages)
