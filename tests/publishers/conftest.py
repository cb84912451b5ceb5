import pytest

from skills.people.models import Account
from skills.publishers import issuers
from skills.publishers.configure import Wanted, add
from skills.publishers.models import TrustedPublisher
from tests.factories import actor
from tests.publishers.local_issuer import PUBLIC_URL, LocalIssuer, a_local_issuer


@pytest.fixture
def issuer(settings) -> LocalIssuer:
    settings.PUBLIC_URL = PUBLIC_URL
    settings.SOURCE_HOSTS = ["127.0.0.1"]
    issuers._kept.clear()
    with a_local_issuer() as running:
        yield running


@pytest.fixture
def trusted(owner, team, issuer):
    """Write down a publisher of crew: by default the run that the issuer's tokens speak of."""

    def write_down(by: Account = owner, **more: object) -> TrustedPublisher:
        values = {
            "kind": "github",
            "issuer": issuer.url,
            "repository": "acme/skills",
            "workflow": "skills.yml",
            "ref": "refs/heads/main",
        } | more
        return add(actor=actor(by), team=team, wanted=Wanted(**values))

    return write_down
