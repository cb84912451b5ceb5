"""Sources for tests, made through the product's own acts."""

from skills.people.models import Account, Team
from skills.sources.configure import SourceFacts, add_source
from skills.sources.models import Source
from tests.factories import actor

URL = "https://git.example.org/acme/skills.git"


def facts_of(**more) -> SourceFacts:
    return SourceFacts(**({"kind": "git", "url": URL} | more))


def a_source(by: Account, team: Team, *, token: str = "", **more) -> Source:
    return add_source(actor=actor(by), team=team, facts=facts_of(**more), token=token)
