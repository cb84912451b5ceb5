"""Fixtures for every test: blobs in a folder of the test, three people and their helpers."""

from pathlib import Path

import pytest
from django.core.cache import cache
from hypothesis import HealthCheck, settings

from skills.delivery import outage
from skills.jobs import enqueue
from skills.lib import blobs, valkey_patience
from skills.people.models import Account, Team
from skills.search import embed, passages
from tests.factories import a_person, a_team

CORPUS = Path(__file__).resolve().parents[2] / "shared" / "corpus"

# A busy machine is slow: that is no fault of what is tested. The same examples each time, so that a failure
# comes back; tests with a soak of their own say otherwise.
settings.register_profile(
    "busy", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("busy")


_SET_UP: set[tuple[object, ...]] = set()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup(item):
    """Count the lines that a set of fixtures reaches once: counting them takes as long as running them."""
    fixtures = (item.path, *item.fixturenames)
    counting = getattr(item.config.pluginmanager.getplugin("_cov"), "cov_controller", None)
    if counting is None or fixtures not in _SET_UP:
        _SET_UP.add(fixtures)
        return (yield)
    counting.pause()
    try:
        return (yield)
    finally:
        counting.resume()


@pytest.fixture(autouse=True)
def _own_blobs(tmp_path, settings):
    settings.BLOBS_DIR = tmp_path / "blobs"
    settings.SIGNING_KEYS_DIR = tmp_path / "signing"
    blobs.store.cache_clear()
    yield
    blobs.store.cache_clear()


@pytest.fixture(autouse=True)
def _nothing_remembered():
    """What a process remembers between requests would outlive the rows of a test."""
    passages.forget_live()
    outage.forget()
    enqueue.forget()
    valkey_patience.forget()
    yield
    passages.forget_live()


@pytest.fixture
def _clean_cache():
    cache.clear()
    yield
    cache.clear()
    embed.forget()


@pytest.fixture
def owner(db) -> Account:
    return a_person("owner")


@pytest.fixture
def mate(db) -> Account:
    return a_person("mate")


@pytest.fixture
def stranger(db) -> Account:
    return a_person("stranger")


@pytest.fixture
def team(owner, mate) -> Team:
    """A shared team: `owner` administers it, `mate` reviews."""
    return a_team("crew", admin=owner, reviewer=mate)


@pytest.fixture
def corpus() -> Path:
    if not CORPUS.exists():
        pytest.skip("the shared corpus is not beside this checkout (../shared/corpus)")
    return CORPUS
