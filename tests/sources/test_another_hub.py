"""Another SkillHub as a source, from its release to an agent of ours; here the product is both hubs."""

import httpx
import pytest

from skills.catalog.models import Skill, Version, Visibility
from skills.catalog.source_paths import gone_since
from skills.flows import access, release
from skills.jobs.enqueue import in_bulk
from skills.people.models import Account, Role, Team
from skills.sources.ask import ask_for_sync
from tests.factories import a_person, a_team, actor, an_approved, bearer, join, skill_md
from tests.sources.making import a_source, run_open_syncs


@pytest.fixture
def hub(transactional_db, live_server, settings) -> str:
    """The address of a running hub."""
    settings.PUBLIC_URL = live_server.url
    settings.SOURCE_HOSTS = [live_server.url.removeprefix("http://")]
    return live_server.url


@pytest.fixture
def keeper(hub) -> Account:
    return a_person("keeper")


@pytest.fixture
def mirror(keeper) -> Team:
    """A team that has a mirror of the other hub's skills."""
    return a_team("mirror", admin=keeper, reviewer=a_person("checker"))


def files_of(body: str) -> dict[str, bytes]:
    return {"SKILL.md": skill_md("greet-people", body=body).encode()}


def sync(source, by: Account) -> None:
    # Without the call that would have it done in another thread.
    with in_bulk():
        ask_for_sync(actor=actor(by), source=source)
    run_open_syncs()


def fetch(hub: str, by: Account) -> httpx.Response:
    """What an agent of BY gets as the newest text of the skill."""
    address = f"{hub}/s/mirror/greet-people/.well-known/skills/greet-people/SKILL.md"
    return httpx.get(address, headers=bearer(by, "read"))


def approve(version: Version) -> None:
    checker = actor(Account.objects.get(username="checker"))
    release.decide(actor=checker, version_id=version.pk, verdict="approve", digest=version.digest)


def test_each_release_of_another_hub_goes_through_review_to_an_agent(hub, owner, mate, team, keeper, mirror):
    source = a_source(keeper, mirror, kind="skillhub", url=hub, names=("crew/greet-people",))
    agent = a_person("agent")
    join(mirror, agent, Role.MEMBER)

    for number, body in (("1.0.0", "Say hello."), ("1.0.1", "Say good day.")):
        an_approved(owner, mate, team, number=number, wanted=Visibility.PUBLIC, content=files_of(body))
        sync(source, keeper)
        version = Version.objects.select_related("provenance").get(skill__team=mirror, number=number)
        before = fetch(hub, agent)
        approve(version)

        assert version.provenance.url == hub
        assert version.provenance.path == "crew/greet-people"
        assert files_of(body)["SKILL.md"] not in (before.content, b"")
        assert fetch(hub, agent).content == files_of(body)["SKILL.md"]


def test_what_the_other_hub_has_no_more_stays_here_and_is_marked(hub, owner, mate, team, keeper, mirror):
    source = a_source(keeper, mirror, kind="skillhub", url=hub)
    theirs = an_approved(owner, mate, team, wanted=Visibility.PUBLIC)
    sync(source, keeper)
    approve(Version.objects.get(skill__team=mirror))
    access.yank(actor=actor(owner), version_id=theirs.pk, reason="It greets the wrong people.")

    sync(source, keeper)

    assert gone_since(Skill.objects.get(team=mirror)) is not None
    assert fetch(hub, keeper).status_code == httpx.codes.OK
