"""A team with a scripted portfolio and a skill whose script says what each model answers."""

import json

import pytest

from skills.portfolio.kinds import COMPATIBLE, SCRIPTED
from skills.portfolio.models import PortfolioModel, Price, Provider
from tests.evals.aimock_server import Aimock
from tests.evals.endpoint import Endpoint
from tests.evals.making import files_with_evals


@pytest.fixture
def scripted(db) -> list[PortfolioModel]:
    """Two scripted models, the first marked as a judge, as earlier releases allowed."""
    return two_models(Provider.objects.create(name="Scripted", kind=SCRIPTED.code), "scripted-")


@pytest.fixture
def models(db) -> list[PortfolioModel]:
    """Two models for engines that ask nobody; the first judges, and nobody listens at their address."""
    provider = Provider.objects.create(name="Ours", kind=COMPATIBLE.code, base_url="http://127.0.0.1:9/v1")
    return two_models(provider, "")


@pytest.fixture
def endpoint():
    """Starts servers that answer; see endpoint.py."""
    started = []

    def start(pace: float = 0.0) -> Endpoint:
        started.append(Endpoint(pace))
        return started[-1]

    yield start
    for one in started:
        one.stop()


def two_models(provider: Provider, prefix: str) -> list[PortfolioModel]:
    """A large one and a small one, priced."""
    made = []
    for name, price in (("large", 3_000_000), ("small", 300_000)):
        row = Price.objects.create(
            kind=provider.kind,
            model=name,
            input_micros=price,
            cached_micros=price // 10,
            output_micros=price * 5,
            source="test",
        )
        made.append(
            PortfolioModel.objects.create(
                provider=provider, name=name, label=f"{prefix}{name}", price=row, can_judge=name == "large"
            )
        )
    return made


@pytest.fixture
def skill_files() -> dict[str, bytes]:
    return files_with_evals()


@pytest.fixture
def as_json():
    return lambda value: json.dumps(value).encode()


@pytest.fixture
def aimock():
    started: list[Aimock] = []

    def start(*flags: str) -> Aimock:
        started.append(Aimock(*flags))
        return started[-1]

    yield start
    for one in started:
        one.stop()
