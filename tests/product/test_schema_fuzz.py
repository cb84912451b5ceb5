"""schemathesis over our own OpenAPI document on the running product: no 5xx, nothing undocumented."""

import os

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings

pytestmark = pytest.mark.product
SOAK = bool(os.environ.get("SOAK"))
TRIES = 300 if SOAK else 4
KNOWN = {"team": "engineering", "name": "code-review", "number": "2.0.0"}


def fuzz(operation, token: str) -> int:
    """Try one operation; returns how many requests were made."""
    documented = set(operation.definition.raw["responses"])
    tried = 0

    @settings(
        max_examples=TRIES,
        deadline=None,
        database=None,
        derandomize=not SOAK,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],
    )
    @given(case=operation.as_strategy())
    def run(case):
        nonlocal tried
        tried += 1
        case.path_parameters = {k: KNOWN.get(k, v) for k, v in (case.path_parameters or {}).items()}

        response = case.call(headers={"Authorization": f"Bearer {token}"} if token else {})

        assert response.status_code < 500, (operation.label, response.text)
        assert str(response.status_code) in documented, (operation.label, response.status_code, response.text)

    run()
    return tried


@pytest.mark.parametrize("who", ["", "author", "reviewer"])
def test_no_answer_is_a_surprise(who, product):
    token = product.token(who, "read", "publish", "review") if who else ""
    schema = schemathesis.openapi.from_url(f"{product.url}/api/v1/schema")

    tried = [fuzz(found.ok(), token) for found in schema.get_all_operations()]

    assert len(tried) >= 25
    assert sum(tried) >= (20_000 // 3 if SOAK else 100)
