"""A Git server of the test, whose host the operator named."""

import pytest

from skills.upstream.address import Upstream, UpstreamKind
from tests.git_server import git_server


@pytest.fixture
def git(tmp_path, settings):
    """A Git server that sources may be read from, and an empty data folder for what is kept."""
    settings.DATA_DIR = tmp_path / "data"
    with git_server(tmp_path) as server:
        settings.SOURCE_HOSTS = [server.host]
        yield server


@pytest.fixture
def repository(git):
    return git.repository()


@pytest.fixture
def source(repository):
    """Makes the address of the repository, with more where it is given."""

    def made(**more):
        return Upstream(kind=UpstreamKind.GIT, url=more.pop("url", repository.url), **more)

    return made
