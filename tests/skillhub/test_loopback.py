"""Demo logins, whose password is printed, are only where no setting lets others in."""

import pytest

from skillhub.embedded.supervisor import Supervisor
from skillhub.loopback import way_in_from_elsewhere

OURS = {
    "listens": "127.0.0.1",
    "public_url": "http://localhost:8000",
    "allowed_hosts": ["[::1]", "testserver"],
}
NAMES = ("HOST", "PUBLIC_URL", "BEHIND_PROXY", "TRUSTED_PROXIES", "ALLOWED_HOSTS", "DEMO")


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({}, ""),
        ({"public_url": "http://[::1]:8000"}, ""),
        ({"listens": "0.0.0.0"}, "HOST=0.0.0.0"),
        ({"listens": "::"}, "HOST=::"),
        ({"listens": "127.0.0.2"}, "HOST=127.0.0.2"),
        ({"public_url": "https://hub.example"}, "PUBLIC_URL=https://hub.example"),
        ({"public_url": "http://127.0.0.1.hub.example"}, "PUBLIC_URL=http://127.0.0.1.hub.example"),
        ({"public_url": "http://127.0.0.1@hub.example"}, "PUBLIC_URL=http://127.0.0.1@hub.example"),
        ({"public_url": ""}, "PUBLIC_URL="),
        ({"is_behind_proxy": True}, "BEHIND_PROXY or TRUSTED_PROXIES"),
        ({"allowed_hosts": ["127.0.0.1", "hub.example"]}, "ALLOWED_HOSTS=hub.example"),
        ({"allowed_hosts": ["*"]}, "ALLOWED_HOSTS=*"),
    ],
)
def test_the_setting_that_lets_others_in_is_named(change, named):
    assert way_in_from_elsewhere(**{**OURS, "is_behind_proxy": False, **change}) == named


@pytest.fixture
def start(monkeypatch):
    """Makes a supervisor in an environment with nothing but what is given."""
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)

    def make(**environment: str) -> Supervisor:
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        return Supervisor()

    return make


@pytest.mark.parametrize(
    "environment",
    [
        {"PUBLIC_URL": "https://hub.example", "BEHIND_PROXY": "1"},
        {"PUBLIC_URL": "https://hub.example"},
        {"BEHIND_PROXY": "1"},
        {"TRUSTED_PROXIES": "1"},
        {"ALLOWED_HOSTS": "hub.example"},
        {"HOST": "0.0.0.0", "DEMO": "1"},
    ],
)
def test_a_start_with_demo_logins_for_others_stops_with_the_setting_and_the_way_out(start, environment):
    with pytest.raises(SystemExit, match=r"Demo logins exist on 127\.0\.0\.1 only, and .* set DEMO=0"):
        start(**environment)


@pytest.mark.parametrize(
    ("environment", "demo"),
    [
        ({}, True),
        ({"PUBLIC_URL": "http://localhost:9000"}, True),
        ({"PUBLIC_URL": "https://hub.example", "BEHIND_PROXY": "1", "DEMO": "0"}, False),
        ({"HOST": "0.0.0.0"}, False),
    ],
)
def test_a_start_that_says_what_it_is_for_goes_on(start, environment, demo):
    assert start(**environment).demo is demo
