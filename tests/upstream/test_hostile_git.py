"""Whatever a Git server sends: nothing is run, nothing grows beyond its limit, and the answer says why."""

import os
import shutil
import signal
import socket
import threading
import time
from pathlib import Path

import pytest

from skills.lib import outgoing
from skills.upstream import git_process, kept_repositories
from skills.upstream.address import UpstreamLimits
from skills.upstream.failures import NotRead
from skills.upstream.opened import open_upstream, revision
from tests.git_server import Link
from tests.upstream.hostile import endless, endless_list, head, hostile, redirecting

QUICK = UpstreamLimits(seconds=20, size=2_000_000, files=100, file=100_000)
SOAK = bool(os.environ.get("SOAK"))


def problem_of(upstream, limits=QUICK):
    with pytest.raises(NotRead) as refused, open_upstream(upstream, limits):
        pass
    (problem,) = refused.value.problems
    assert problem.text
    assert problem.remedy
    return problem


def paths_of(upstream, limits=QUICK):
    with open_upstream(upstream, limits) as snapshot:
        return list(snapshot.tree.paths)


@pytest.fixture
def at(source, settings):
    """Makes the address of a repository at a server, which the operator named."""

    def made(server, **more):
        settings.SOURCE_HOSTS = [server.host]
        return source(url=f"{server.url}/skills.git", **more)

    return made


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc",
        "ext::sh -c id",
        "ssh://git@host.example/x",
        "git@host.example:x",
        "git://host.example/x",
        "--upload-pack=touch /tmp/x",
        "-oProxyCommand=id",
        "/etc",
        "https://user:secret@host.example/x",
        "https://host.example/x y",
        "https://host.example/x\n[core]",
        "https:///x",
        "http://host.example/x",
        "https://[::1/x",
        "https://host.example:99999/x",
        "https://host.example./x",
        "https://h%6fst.example/x",
        "https://b\u00fccher.example/x",
        "https://8.8.2056/x",
        "https://0x8.8.8.8/x",
        "https://134744072/x",
        "https://8.8.8.8./x",
        "https://[2001:4860:4860:0::8888]/x",
    ],
)
def test_what_is_no_https_address_is_refused_before_anything_runs(source, url):
    assert problem_of(source(url=url)).code == "source_address"
    with pytest.raises(NotRead):
        revision(source(url=url), QUICK)


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "10.0.0.8", "169.254.169.254", "[::1]", "[fd00::1]", "localhost", "0x7f000001"]
)
def test_a_private_address_is_refused(source, host):
    assert problem_of(source(url=f"https://{host}/skills.git")).code == "source_address"


@pytest.mark.parametrize(
    "ref",
    ["--upload-pack=id", "-x", "a b", "a..b", "a:b", "+a", "a*", "a\nb", "@{1}", "a.lock", "/a", "a/", "a~1"],
)
def test_what_is_no_name_of_a_branch_is_refused_or_not_found(repository, source, ref):
    repository.commit({"a.md": "a"})

    assert problem_of(source(ref=ref)).code in ("source_ref", "source_missing")


@pytest.mark.parametrize("folder", ["../x", "/etc", "a//b", "-x", ":/", "a\0b", "./a", "a\\b", "a/.."])
def test_what_is_no_folder_of_a_repository_is_refused(repository, source, folder):
    repository.commit({"a.md": "a"})

    assert problem_of(source(folder=folder)).code == "source_folder"


def test_a_redirect_is_not_followed(git, repository, at):
    repository.commit({"a.md": "a"})

    with hostile(redirecting(git.url)) as server:
        upstream = at(server)
        assert problem_of(upstream).code == "source_redirects"
        with pytest.raises(NotRead):
            revision(upstream, QUICK)

    assert git.requests == []


def test_the_address_that_was_checked_is_the_one_that_is_asked(
    git, repository, source, settings, monkeypatch
):
    """Nobody else resolves the name: whatever it stands for a moment later, git connects to what we saw."""
    commit = repository.commit({"a.md": "a"})
    port = int(git.host.split(":")[1])
    settings.SOURCE_HOSTS = [f"skills.invalid:{port}"]
    asked = []

    def resolved(host, port, **_):
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]

    monkeypatch.setattr(outgoing.socket, "getaddrinfo", resolved)
    upstream = source(url=f"http://skills.invalid:{port}/skills.git")

    assert revision(upstream, QUICK) == commit
    assert paths_of(upstream) == ["a.md"]
    assert asked == ["skills.invalid", "skills.invalid"]


def test_a_name_with_a_private_address_among_public_ones_is_refused(source, monkeypatch):
    answers = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, 443)) for ip in ("8.8.8.8", "10.0.0.1")]
    monkeypatch.setattr(outgoing.socket, "getaddrinfo", lambda *_, **__: answers)

    assert problem_of(source(url="https://skills.invalid/x.git")).code == "source_address"


def test_a_pack_without_an_end_is_given_up_at_its_limit(at):
    with hostile(endless) as server:
        upstream = at(server)
        assert problem_of(upstream).code == "source_too_large"

    shelf = kept_repositories.settings.DATA_DIR / "sources"
    assert sum(path.stat().st_size for path in shelf.rglob("*") if path.is_file()) < 10_000


def test_a_list_of_branches_without_an_end_is_given_up(at):
    limits = UpstreamLimits(seconds=3, size=2_000_000)

    with hostile(endless_list) as server:
        upstream = at(server)
        assert problem_of(upstream, limits).code in ("source_too_slow", "source_too_large")


def test_a_server_that_says_nothing_is_given_up_in_time(at):
    gate = threading.Event()

    with hostile(lambda _: gate.wait(30)) as server:
        upstream = at(server)
        started = time.monotonic()
        assert problem_of(upstream, UpstreamLimits(seconds=1)).code == "source_too_slow"
        gate.set()

    assert time.monotonic() - started < 10


@pytest.mark.parametrize(
    ("status", "code"),
    [(401, "source_sign_in"), (403, "source_sign_in"), (404, "source_missing"), (500, "source_unreachable")],
)
def test_a_status_is_told_as_what_it_means(at, status, code):
    with hostile(lambda handler: head(handler, status, Content_Length="0")) as server:
        assert problem_of(at(server)).code == code


def test_what_is_no_git_repository_is_said(at):
    def page(handler):
        head(handler, Content_Type="text/html", Content_Length="5")
        handler.wfile.write(b"<html")

    with hostile(page) as server:
        assert problem_of(at(server)).code == "source_missing"


def test_a_port_where_nobody_listens_is_said(source, settings):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    settings.SOURCE_HOSTS = ["127.0.0.1"]

    assert problem_of(source(url=f"http://127.0.0.1:{port}/x.git")).code == "source_unreachable"


@pytest.mark.parametrize("version", [None, "git version 2.30.1"])
def test_a_machine_without_git_or_with_an_old_one_is_said(source, monkeypatch, tmp_path, version):
    if version:
        program = tmp_path / "git"
        program.write_text(f"#!/bin/sh\necho {version}\n")
        program.chmod(0o700)
    monkeypatch.setenv("PATH", str(tmp_path))
    git_process.program.cache_clear()

    assert problem_of(source(url="https://8.8.8.8/skills.git")).code == "source_no_git"


def test_too_many_files_are_refused(repository, source):
    count = 100_000 if SOAK else 2_000
    repository.commit({f"d{n % 500}/f{n}": "x" for n in range(count)})

    problem = problem_of(source())

    assert problem.code == "source_too_large"
    assert "more than 100 files" in problem.text


def test_links_that_multiply_files_are_bounded(repository, source):
    files = {f"a/{n}": "x" for n in range(60)}
    repository.commit({**files, **{f"l{n}": Link("a") for n in range(30)}})

    assert problem_of(source()).code == "source_too_large"


def bomb(repository, leaf):
    """A tree of ten folders each of which is the same ten folders, ten levels deep."""
    tree = leaf
    for _ in range(10):
        lines = "".join(f"040000 tree {tree}\t{n}\n" for n in range(10))
        tree = repository.git("mktree", input=lines.encode())
    commit = repository.git("commit-tree", "-m", "bomb", tree)
    repository.git("update-ref", "refs/heads/main", commit)


def test_a_tree_that_unfolds_to_ten_thousand_million_files_is_refused(repository, source):
    blob = repository.git("hash-object", "-w", "--stdin", input=b"x")
    bomb(repository, repository.git("mktree", input=f"100644 blob {blob}\tf\n".encode()))

    assert problem_of(source()).code == "source_too_large"


def test_a_tree_that_unfolds_to_folders_without_files_is_given_up(repository, source):
    bomb(repository, repository.git("mktree"))

    problem = problem_of(source(), UpstreamLimits(seconds=1, files=100))

    assert problem.code in ("source_damaged", "source_too_slow")


def test_a_tree_of_great_depth_is_refused_or_read(repository, source):
    depth = 6_000 if SOAK else 1_500
    repository.commit({"a/" * depth + "f": "x"})

    try:
        (path,) = paths_of(source())
    except NotRead as refused:
        assert refused.problems[0].code in ("source_damaged", "source_too_slow")
    else:
        assert path.count("/") == depth


def test_a_file_that_git_would_take_for_its_own_is_refused(repository, source):
    blob = repository.git("hash-object", "-w", "--stdin", input=b"#!/bin/sh\n")
    inner = repository.git("mktree", input=f"100755 blob {blob}\tpost-checkout\n".encode())
    tree = repository.git("mktree", input=f"040000 tree {inner}\t.git\n".encode())
    commit = repository.git("commit-tree", "-m", "x", tree)
    repository.git("update-ref", "refs/heads/main", commit)

    assert problem_of(source()).code == "source_damaged"


def test_what_the_worker_has_in_its_environment_does_not_reach_git(repository, source, tmp_path, monkeypatch):
    repository.commit({"a.md": "a", ".gitattributes": "*.md filter=evil diff=evil"})
    home = tmp_path / "home"
    home.mkdir()
    trace = tmp_path / "trace"
    (home / ".gitconfig").write_text('[url "http://127.0.0.1:9/"]\n  insteadOf = http://\n')
    for name, value in {
        "HOME": str(home),
        "XDG_CONFIG_HOME": str(home),
        "GIT_TRACE": str(trace),
        "GIT_DIR": str(home),
        "GIT_EXEC_PATH": str(home),
        "GIT_CONFIG_COUNT": "x",
        "http_proxy": "http://127.0.0.1:9",
        "ALL_PROXY": "http://127.0.0.1:9",
    }.items():
        monkeypatch.setenv(name, value)

    assert paths_of(source()) == [".gitattributes", "a.md"]
    assert not trace.exists()


def test_a_token_stands_in_no_command_line_no_environment_no_file_and_no_error(at, tmp_path):
    token = "glpat-very-secret"
    seen = []

    def look(handler):
        seen.append(handler.headers["Authorization"])
        for process in Path("/proc").glob("[0-9]*"):
            for name in ("cmdline", "environ"):
                try:
                    data = (process / name).read_bytes()
                except OSError:
                    continue
                if b"remote-http" in data or b"GIT_DIR" in data:
                    seen.append(data)
        head(handler, 401, WWW_Authenticate="Basic", Content_Length="0")

    with hostile(look) as server:
        upstream = at(server, token=token)
        problem = problem_of(upstream)

    assert seen[0].startswith("Basic ")
    assert len(seen) > 3
    secrets = [token.encode(), seen[0].removeprefix("Basic ").encode()]
    for secret in secrets:
        assert not [data for data in seen if isinstance(data, bytes) and secret in data]
        assert secret not in (str(problem) + repr(upstream)).encode()
        assert not [p for p in (tmp_path / "data").rglob("*") if p.is_file() and secret in p.read_bytes()]


def kept(tmp_path):
    return sorted((tmp_path / "data" / "sources").glob("*.git"))


def test_a_repository_of_a_reader_that_was_killed_is_fetched_again(repository, source, tmp_path):
    repository.commit({"a.md": "a"})
    paths_of(source())
    (folder,) = kept(tmp_path)
    (folder / "in-use").touch()
    (folder / "shallow.lock").touch()
    shutil.rmtree(folder / "objects" / "pack")
    repository.commit({"b.md": "b"})

    assert paths_of(source()) == ["b.md"]


def killed_reader(upstream, seconds):
    """A process that reads UPSTREAM and is killed after so many SECONDS."""
    child = os.fork()
    if not child:
        try:
            paths_of(upstream)
        finally:
            os._exit(0)
    time.sleep(seconds)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)


def test_a_reader_that_is_killed_at_any_moment_leaves_nothing_in_the_way(repository, source, tmp_path):
    kills = 60 if SOAK else 5

    for number in range(kills):
        repository.commit({f"{number}/{n}.md": f"{number} {n}" * 50 for n in range(40)})
        killed_reader(source(), 0.25 * number / kills)
        assert len(paths_of(source())) == 40

    assert len(kept(tmp_path)) == 1


def test_a_repository_that_was_damaged_is_fetched_again_the_next_time(repository, source, tmp_path):
    repository.commit({"a.md": "a" * 1_000})
    paths_of(source())
    for pack in kept(tmp_path)[0].glob("objects/pack/*.pack"):
        pack.chmod(0o600)
        pack.write_bytes(b"PACK")
    problem_of(source())

    assert paths_of(source()) == ["a.md"]


def test_two_readers_at_once_do_not_wait_for_each_other(repository, source, tmp_path):
    repository.commit({"a.md": "a"})

    with open_upstream(source(), QUICK) as first:
        assert paths_of(source()) == ["a.md"]
        assert dict(first.tree.read(["a.md"])) == {"a.md": b"a"}

    assert len(kept(tmp_path)) == 1
    assert list((tmp_path / "data" / "sources").glob("once-*")) == []


def test_what_nobody_reads_any_more_is_removed(repository, source, tmp_path, monkeypatch):
    repository.commit({"a.md": "a"})
    repository.git("tag", "v1")
    paths_of(source())
    os.utime(kept(tmp_path)[0], (1, 1))
    paths_of(source(ref="v1"))
    (left,) = kept(tmp_path)

    monkeypatch.setattr(kept_repositories, "_MOST_BYTES", 10)
    kept_repositories.sweep()

    assert left.name
    assert kept(tmp_path) == []
