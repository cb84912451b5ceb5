"""A Git repository is read as it is at a branch, a tag or a commit, and again when that moved."""

import random

import pytest

from skills.upstream import kept_repositories
from skills.upstream.address import UpstreamLimits
from skills.upstream.failures import NotRead
from skills.upstream.opened import open_upstream, revision
from tests.git_server import Link, Submodule

LIMITS = UpstreamLimits()
SKILL = "---\nname: a-one\ndescription: Says one.\n---\n"
POINTER = f"version https://git-lfs.github.com/spec/v1\noid sha256:{'a' * 64}\nsize 12345\n"


def everything(upstream, limits=LIMITS):
    """(revision, bytes by path, reasons by path of what was left out)."""
    with open_upstream(upstream, limits) as snapshot:
        files = dict(snapshot.tree.read(snapshot.tree.paths))
        return snapshot.revision, files, {left.path: left.reason for left in snapshot.left_out}


def code_of(upstream, limits=LIMITS):
    with pytest.raises(NotRead) as refused, open_upstream(upstream, limits):
        pass
    (problem,) = refused.value.problems
    assert problem.text
    assert problem.remedy
    return problem.code


def test_the_newest_commit_of_the_default_branch_is_read(repository, source):
    repository.commit({"old.md": "old"})
    commit = repository.commit({"skills/a-one/SKILL.md": SKILL, "skills/a-one/run.bin": b"\0\xff\r\n"})

    read, files, left_out = everything(source())

    assert read == commit == revision(source(), LIMITS)
    assert files == {"skills/a-one/SKILL.md": SKILL.encode(), "skills/a-one/run.bin": b"\0\xff\r\n"}
    assert left_out == {}


def test_a_branch_a_tag_and_a_commit_are_read(repository, source):
    first = repository.commit({"a.md": "one"})
    repository.git("tag", "-am", "first", "v1.0.0", first)
    other = repository.commit({"a.md": "two"}, branch="feature/two")
    repository.commit({"a.md": "three"})

    read = {ref: everything(source(ref=ref))[:2] for ref in ("v1.0.0", "feature/two", first)}

    assert read["v1.0.0"] == read[first] == (first, {"a.md": b"one"})
    assert read["feature/two"] == (other, {"a.md": b"two"})
    assert revision(source(ref="v1.0.0"), LIMITS) == first
    assert revision(source(ref="feature/two"), LIMITS) == other


def test_where_a_tag_and_a_branch_share_a_name_both_questions_mean_the_same(repository, source):
    tagged = repository.commit({"a.md": "one"})
    repository.git("tag", "both", tagged)
    repository.commit({"a.md": "two"}, branch="both")

    assert revision(source(ref="both"), LIMITS) == everything(source(ref="both"))[0] == tagged


def test_one_folder_is_read_with_paths_from_there(repository, source):
    repository.commit({"README.md": "x", "skills/public/a-one/SKILL.md": SKILL, "skills/b.md": "b"})

    _, files, _ = everything(source(folder="skills/public"))

    assert files == {"a-one/SKILL.md": SKILL.encode()}


def test_a_second_reading_fetches_what_changed(git, repository, source):
    files = {f"skills/s-{n}/SKILL.md": f"{n}" * 2_000 for n in range(30)}
    repository.commit(files)
    everything(source())
    commit = repository.commit({**files, "skills/s-3/SKILL.md": "new"})

    read, again, _ = everything(source())

    assert (read, again["skills/s-3/SKILL.md"], len(again)) == (commit, b"new", 30)
    (kept,) = (kept_repositories.settings.DATA_DIR / "sources").glob("*.git")
    sizes = sorted(pack.stat().st_size for pack in kept.glob("objects/pack/*.pack"))
    assert len(sizes) == 2
    assert sizes[0] < 1_500


def test_a_repository_is_as_large_as_what_is_fetched_not_as_what_was_kept(repository, source):
    limits = UpstreamLimits(size=500_000)
    repository.commit({"a.bin": random.Random(1).randbytes(300_000)})
    everything(source(), limits)
    repository.commit({"a.bin": random.Random(2).randbytes(300_000)})

    files = [everything(source(), limits)[1] for _ in range(2)]

    assert files == 2 * [{"a.bin": random.Random(2).randbytes(300_000)}]


def test_a_history_that_was_rewritten_is_read(repository, source):
    repository.commit({"a.md": "one"})
    everything(source())
    repository.git("update-ref", "-d", "refs/heads/main")
    commit = repository.commit({"a.md": "other"})

    assert everything(source())[:2] == (commit, {"a.md": b"other"})


def test_folders_that_did_not_change_are_named(repository, source):
    repository.commit({"s/a/SKILL.md": "a", "s/b/SKILL.md": "b", "s/b0/x": "x", "s/c/SKILL.md": "c"})
    with open_upstream(source(), LIMITS) as snapshot:
        known = {folder: snapshot.tree.mark(folder) for folder in ("s/a", "s/b", "s/c")}
    repository.commit({"s/a/SKILL.md": "a", "s/b/SKILL.md": "b", "s/b0/x": "y", "s/c/SKILL.md": "C"})

    with open_upstream(source(), LIMITS, known) as snapshot:
        unchanged = snapshot.unchanged

    assert unchanged == {"s/a", "s/b"}


def test_links_within_the_tree_stand_for_what_they_lead_to(repository, source):
    repository.commit(
        {
            "LICENSE": "free",
            "shared/guide.md": "guide",
            "a/SKILL.md": SKILL,
            "a/LICENSE": Link("../LICENSE"),
            "a/refs": Link("../shared"),
            "b/again": Link("../a/LICENSE"),
        }
    )

    _, files, left_out = everything(source())

    assert files["a/LICENSE"] == files["b/again"] == b"free"
    assert files["a/refs/guide.md"] == b"guide"
    assert left_out == {}


def test_a_link_says_what_it_stands_for(repository, source):
    repository.commit({"z/a/SKILL.md": SKILL, "b": Link("z"), "c": Link("b/a")})

    with open_upstream(source(), LIMITS) as snapshot:
        originals = {path: snapshot.tree.original(path) for path in snapshot.tree.paths}

    assert originals == dict.fromkeys(["z/a/SKILL.md", "b/a/SKILL.md", "c/SKILL.md"], "z/a/SKILL.md")


@pytest.mark.parametrize("filters", ["true", "false"])
def test_of_a_folder_only_its_files_are_fetched_where_the_server_filters(filters, repository, source):
    repository.git("config", "uploadpack.allowFilter", filters)
    movie = random.Random(1).randbytes(2_000_000)
    files = {"skills/a/SKILL.md": SKILL, "skills/a/same.md": "same", "movie.bin": movie}
    repository.commit(files)
    folder = source(folder="skills")
    first = everything(folder)[1]
    repository.commit({**files, "skills/a/SKILL.md": f"{SKILL}More.", "movie.bin": movie[1:]})

    second = everything(folder)[1]

    kept = sum(map(kept_repositories.size_of, kept_repositories._shelf().glob("*.git")))
    assert (first["a/SKILL.md"], first["a/same.md"]) == (SKILL.encode(), b"same")
    assert (second["a/SKILL.md"], second["a/same.md"]) == (f"{SKILL}More.".encode(), b"same")
    assert (kept < 1_000_000) is (filters == "true")


def test_a_file_beyond_every_limit_in_a_folder_is_left_out_alone(repository, source):
    repository.git("config", "uploadpack.allowFilter", "true")
    large = random.Random(1).randbytes(2_000_000)
    repository.commit({"skills/a/SKILL.md": SKILL, "skills/a/large.bin": large})

    _, files, left_out = everything(source(folder="skills"), UpstreamLimits(size=1_000_000, file=100_000))

    assert files == {"a/SKILL.md": SKILL.encode()}
    assert list(left_out) == ["a/large.bin"]


def test_a_change_behind_a_link_changes_the_mark_of_its_folder(repository, source):
    repository.commit({"x.md": "one", "a/x.md": Link("../x.md")})
    with open_upstream(source(), LIMITS) as snapshot:
        before = snapshot.tree.mark("a")
    repository.commit({"x.md": "two", "a/x.md": Link("../x.md")})

    with open_upstream(source(), LIMITS) as snapshot:
        assert snapshot.tree.mark("a") != before


def test_what_is_not_read_is_named_with_its_reason(repository, source):
    repository.commit(
        {
            "a/SKILL.md": SKILL,
            "a/big.bin": b"x" * 3_000,
            "a/model.bin": POINTER,
            "a/secret": Link("/etc/passwd"),
            "a/up": Link("../../outside"),
            "a/gone": Link("nothing.md"),
            "a/round": Link("../a"),
            "a/one": Link("two"),
            "a/two": Link("one"),
            "vendor/other": Submodule(),
            "a/caf\udce9.md": "latin-1",
        }
    )

    _, files, left_out = everything(source(), UpstreamLimits(file=2_000))

    assert list(files) == ["a/SKILL.md"]
    assert "at most 2 KB" in left_out["a/big.bin"]
    assert "Git LFS" in left_out["a/model.bin"]
    assert "leads out" in left_out["a/secret"]
    assert "leads out" in left_out["a/up"]
    assert "leads to nothing" in left_out["a/gone"]
    assert "lies in" in left_out["a/round"]
    assert "link" in left_out["a/one"]
    assert "submodule" in left_out["vendor/other"]
    assert "UTF-8" in left_out["a/caf\\xe9.md"]
    assert len(left_out) == 10


def test_a_server_that_filters_does_not_send_a_large_file(repository, source):
    repository.git("config", "uploadpack.allowFilter", "true")
    limits = UpstreamLimits(file=100_000, size=500_000)
    video = bytes(range(256)) * 4_000
    repository.commit({"a/SKILL.md": SKILL, "a/video.mp4": video})
    everything(source(), limits)
    repository.commit({"a/SKILL.md": SKILL, "b.md": "b", "a/video.mp4": video})

    _, files, left_out = everything(source(), limits)

    assert list(files) == ["a/SKILL.md", "b.md"]
    assert "is larger; at most 100 KB" in left_out["a/video.mp4"]


def test_names_that_fall_together_elsewhere_stay_apart(repository, source):
    names = ["a/Readme.md", "a/README.md", "a/caf\u00e9.md", "a/cafe\u0301.md"]
    repository.commit(dict.fromkeys(names, "x"))

    assert sorted(everything(source())[1]) == sorted(names)


def test_a_token_is_sent_as_a_password(git, repository, source):
    repository.commit({"a.md": "a"})
    git.password = "s3cret"

    assert everything(source(token="s3cret"))[1] == everything(source(token="me:s3cret"))[1] == {"a.md": b"a"}
    assert code_of(source()) == "source_sign_in"
    assert code_of(source(token="wrong")) == "source_sign_in"


@pytest.mark.parametrize("ref", ["nothing", "1" * 40, "refs/heads/nothing"])
def test_what_is_not_there_is_said(repository, source, ref):
    repository.commit({"a.md": "a"})

    assert code_of(source(ref=ref)) == "source_missing"


def test_an_unknown_folder_repository_or_an_empty_one_is_said(git, repository, source):
    assert code_of(source()) == "source_missing"
    repository.commit({"a.md": "a"})

    assert code_of(source(folder="skills")) == "source_missing"
    assert code_of(source(folder="a.md")) == "source_missing"
    assert code_of(source(url=f"{git.url}/other.git")) == "source_missing"
    with pytest.raises(NotRead, match="no branch"):
        revision(source(ref="other"), LIMITS)
