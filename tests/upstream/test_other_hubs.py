"""Another SkillHub is read by its own protocols: here the product reads itself."""

import pytest

from skills.catalog.models import Visibility
from skills.upstream.address import Upstream, UpstreamKind, UpstreamLimits
from skills.upstream.opened import open_upstream, revision
from tests.factories import a_secret, an_approved, files

LIMITS = UpstreamLimits(seconds=30)


@pytest.fixture
def hub(transactional_db, owner, mate, team, live_server, settings):
    """A running hub with a skill for all and one for its team; gives its address."""
    settings.PUBLIC_URL = live_server.url
    settings.SOURCE_HOSTS = [live_server.url.removeprefix("http://")]
    an_approved(owner, mate, team, name="greet-people", wanted=Visibility.PUBLIC)
    an_approved(owner, mate, team, name="keep-secrets", wanted=Visibility.TEAM)
    return live_server.url


def read(upstream):
    with open_upstream(upstream, LIMITS) as snapshot:
        found = dict(snapshot.tree.read(snapshot.tree.paths))
        assert revision(upstream, LIMITS) == snapshot.revision
        return found, {left.path: left.reason for left in snapshot.left_out}


def test_a_hub_is_read_whole_by_team_and_by_name_and_by_its_older_protocols(hub, owner):
    skill = files("greet-people")["SKILL.md"]
    token = a_secret(owner, "read")
    kind = UpstreamKind.SKILLHUB

    assert read(Upstream(kind=kind, url=hub)) == ({"greet-people/SKILL.md": skill}, {})
    assert read(Upstream(kind=kind, url=hub, names=("crew", "crew/gone"))) == (
        {"crew/greet-people/SKILL.md": skill},
        {"crew/gone": "is not there, or not for this token."},
    )
    assert set(read(Upstream(kind=kind, url=hub, token=token))[0]) == {
        "greet-people/SKILL.md",
        "keep-secrets/SKILL.md",
    }
    registry = Upstream(kind=UpstreamKind.CLAWHUB, url=hub, names=("crew/greet-people", "keep-secrets"))
    assert read(registry) == (
        {"crew/greet-people/SKILL.md": skill},
        {"keep-secrets": "is not there, has no published version, or is not for this token."},
    )
