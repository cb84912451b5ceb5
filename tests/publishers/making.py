"""A trusted publisher, made through the product's own act."""

from skills.people.models import Account, Team
from skills.publishers.configure import Wanted, add
from skills.publishers.models import TrustedPublisher
from tests.factories import actor


def a_publisher(admin: Account, team: Team, **more: object) -> TrustedPublisher:
    values = {"kind": "github", "repository": "acme/skills", "workflow": "skills.yml"} | more
    return add(actor=actor(admin), team=team, wanted=Wanted(**values))
