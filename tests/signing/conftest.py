"""The release that the tests of the verifier are about."""

import pytest

from tests.signing.kept import CONTENT, Kept
from tests.signing.making import a_signed_release


@pytest.fixture
def kept(owner, mate, team, tmp_path) -> Kept:
    return Kept(a_signed_release(owner, mate, team, content=CONTENT, wanted="public"), tmp_path)
