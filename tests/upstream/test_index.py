"""Skills of a .well-known index, 0.2 and 0.1, honest and not."""

import gzip
import hashlib
import json
import threading
import time

import pytest

from skills.upstream.address import Upstream, UpstreamKind, UpstreamLimits
from skills.upstream.failures import NotRead
from skills.upstream.opened import open_upstream, revision
from tests.factories import a_zip, files
from tests.upstream.hostile import head, hostile, redirecting, serving

LIMITS = UpstreamLimits(seconds=20)
INDEX = "/.well-known/agent-skills/index.json"
OLD_INDEX = "/.well-known/skills/index.json"
IMPOSSIBLE = {"long-host": f"{'a' * 64}.example", "empty-part": "a..example"}
SKILL = b"---\nname: a-one\ndescription: Says one.\n---\n"


def entry(name, data, kind="archive", **more):
    digest = f"sha256:{hashlib.sha256(data).hexdigest()}"
    url = f"{name}.{'zip' if kind == 'archive' else 'md'}"
    return {"name": name, "type": kind, "description": "d", "url": url, "digest": digest, **more}


def index(*entries):
    return json.dumps({"$schema": "x", "skills": entries}).encode()


@pytest.fixture
def serve(settings):
    """Serves answers by path, or whatever a function writes; gives a function that makes the address."""
    started = []

    def served(answers, **more):
        running = hostile(answers if callable(answers) else serving(answers))
        server = running.__enter__()
        started.append(running)
        settings.SOURCE_HOSTS = [*settings.SOURCE_HOSTS, server.host]
        served.asked = server.asked
        url = server.url + more.pop("path", "")
        return Upstream(kind=more.pop("kind", UpstreamKind.INDEX), url=url, **more)

    yield served
    for running in started:
        running.__exit__(None, None, None)


def everything(upstream, limits=LIMITS, known=None):
    with open_upstream(upstream, limits, known or {}) as snapshot:
        read = dict(snapshot.tree.read(snapshot.tree.paths))
        return snapshot, read, {left.path: left.reason for left in snapshot.left_out}


def code_of(upstream, limits=LIMITS):
    with pytest.raises(NotRead) as refused, open_upstream(upstream, limits):
        pass
    (problem,) = refused.value.problems
    assert problem.text
    assert problem.remedy
    return problem.code


def test_archives_and_single_texts_are_read_and_verified(serve):
    packed = a_zip("greet-people")
    listed = index(entry("greet-people", packed), entry("a-one", SKILL, "skill-md", url="/texts/one.md"))
    upstream = serve(
        {INDEX: listed, "/.well-known/agent-skills/greet-people.zip": packed, "/texts/one.md": SKILL}
    )

    snapshot, read, left_out = everything(upstream)

    assert read["a-one/SKILL.md"] == SKILL
    assert read["greet-people/SKILL.md"] == files("greet-people")["SKILL.md"]
    assert left_out == {}
    assert revision(upstream, LIMITS) == snapshot.revision


@pytest.mark.parametrize("path", ["", "/", INDEX, "/.well-known/agent-skills/", "/.well-known/skills"])
def test_the_address_of_the_site_or_of_its_index_leads_there(serve, path):
    upstream = serve({INDEX: index()}, path=path)

    assert everything(upstream)[1] == {}


def test_an_index_below_a_path_is_read(serve):
    answers = {
        f"/t/crew{INDEX}": index(entry("a-one", SKILL, "skill-md")),
        f"/t/crew{INDEX[:-10]}a-one.md": SKILL,
    }

    assert everything(serve(answers, path="/t/crew"))[1] == {"a-one/SKILL.md": SKILL}


def test_a_skill_whose_mark_is_known_is_not_downloaded(serve):
    other = SKILL.replace(b"one", b"two")
    answers = {
        INDEX: index(entry("a-one", SKILL, "skill-md"), entry("a-two", other, "skill-md")),
        "/.well-known/agent-skills/a-one.md": SKILL,
        "/.well-known/agent-skills/a-two.md": other,
    }
    upstream = serve(answers)
    with open_upstream(upstream, LIMITS) as snapshot:
        known = {name: snapshot.tree.mark(name) for name in ("a-one", "a-two")}
        first = snapshot.revision
    changed = other + b"more"
    answers[INDEX] = index(entry("a-one", SKILL, "skill-md"), entry("a-two", changed, "skill-md"))
    answers["/.well-known/agent-skills/a-two.md"] = changed
    serve.asked.clear()

    snapshot, read, _ = everything(upstream, known=known)

    assert snapshot.unchanged == {"a-one"}
    assert read == {"a-two/SKILL.md": changed}
    assert serve.asked == [INDEX, "/.well-known/agent-skills/a-two.md"]
    assert snapshot.revision != first


def test_a_skill_within_one_that_is_not_downloaded_is_unchanged_too(serve):
    packed = a_zip(content={"SKILL.md": SKILL, "inner/SKILL.md": SKILL, "other/notes.md": b"x"})
    upstream = serve(
        {INDEX: index(entry("a-one", packed)), "/.well-known/agent-skills/a-one.zip": packed},
    )
    with open_upstream(upstream, LIMITS) as snapshot:
        known = {name: snapshot.tree.mark(name) for name in ("a-one", "a-one/inner")}

    snapshot, read, _ = everything(upstream, known=known)

    assert snapshot.unchanged == {"a-one", "a-one/inner"}
    assert read == {}


def test_addresses_of_every_script_are_read_and_impossible_ones_lose_their_skill_alone(serve):
    listed = index(
        entry("a-one", SKILL, "skill-md", url="größe 1.md"),
        *(entry(name, SKILL, "skill-md", url=f"https://{host}/x.md") for name, host in IMPOSSIBLE.items()),
    )
    upstream = serve({INDEX: listed, "/.well-known/agent-skills/gr%C3%B6%C3%9Fe%201.md": SKILL})

    _, read, left_out = everything(upstream)

    assert read == {"a-one/SKILL.md": SKILL}
    assert {path: "cannot be found" in reason for path, reason in left_out.items()} == {
        f"{name}/SKILL.md": True for name in IMPOSSIBLE
    }


def test_another_server_that_is_away_loses_what_lies_there_alone(serve, settings):
    settings.SOURCE_HOSTS = ["127.0.0.1:9"]
    away = entry("a-two", SKILL, "skill-md", url="http://127.0.0.1:9/a-two.md")
    answers = {INDEX: index(entry("a-one", SKILL, "skill-md"), away)}
    upstream = serve(answers | {"/.well-known/agent-skills/a-one.md": SKILL})

    _, read, left_out = everything(upstream)

    assert read == {"a-one/SKILL.md": SKILL}
    assert "cannot be reached" in left_out["a-two/SKILL.md"]


def test_names_choose_among_the_skills_of_an_index(serve):
    listed = index(entry("a-one", SKILL, "skill-md"), entry("a-two", b"x", "skill-md"))
    upstream = serve({INDEX: listed, "/.well-known/agent-skills/a-one.md": SKILL}, names=("a-one", "a-three"))

    _, read, left_out = everything(upstream)

    assert list(read) == ["a-one/SKILL.md"]
    assert left_out == {"a-three": "is not in the index."}


def test_what_cannot_be_verified_or_found_is_left_out_by_name(serve):
    packed = a_zip()
    entries = [
        entry("other-bytes", packed, digest=f"sha256:{'0' * 64}"),
        entry("no-digest", packed, digest=""),
        entry("gone", packed),
        entry("no-zip", b"hello"),
        entry("later", packed, "container"),
        entry("a/b", packed),
        entry("inside", packed, url="http://10.0.0.1/x.zip"),
        entry("a-one", SKILL, "skill-md"),
        entry("a-one", SKILL, "skill-md"),
        {"name": 7},
        "text",
    ]
    folder = "/.well-known/agent-skills"
    upstream = serve(
        {
            INDEX: index(*entries),
            f"{folder}/other-bytes.zip": packed,
            f"{folder}/no-zip.zip": b"hello",
            f"{folder}/a-one.md": SKILL,
        }
    )

    _, read, left_out = everything(upstream)

    assert list(read) == ["a-one/SKILL.md"]
    assert "other bytes" in left_out["other-bytes/SKILL.md"]
    assert "digest" in left_out["no-digest/SKILL.md"]
    assert "nothing is at its address" in left_out["gone/SKILL.md"]
    assert "cannot be read" in left_out["no-zip/SKILL.md"]
    assert "type" in left_out["later/SKILL.md"]
    assert "name" in left_out["skill 6"]
    assert "https alone" in left_out["inside/SKILL.md"]
    assert "twice" in left_out["a-one"]
    assert {"skill 10", "skill 11"} < left_out.keys()
    assert len(left_out) == 10


def test_an_index_of_the_older_form_is_read_file_by_file(serve):
    listed = json.dumps(
        {"skills": [{"name": "a-one", "description": "d", "files": ["SKILL.md", "ref/a b.md"]}]}
    )
    answers = {
        OLD_INDEX: listed.encode(),
        "/.well-known/skills/a-one/SKILL.md": SKILL,
        "/.well-known/skills/a-one/ref/a%20b.md": b"ab",
    }
    upstream = serve(answers)

    before = revision(upstream, LIMITS)
    snapshot, read, left_out = everything(upstream)
    answers["/.well-known/skills/a-one/ref/a%20b.md"] = b"other"

    assert read == {"a-one/SKILL.md": SKILL, "a-one/ref/a b.md": b"ab"}
    assert left_out == {}
    assert before == snapshot.revision != revision(upstream, LIMITS)


def test_a_skill_of_the_older_form_that_is_not_whole_is_left_out(serve):
    listed = {
        "skills": [
            {"name": "a-one", "description": "d", "files": ["SKILL.md", "gone.md"]},
            {"name": "a-two", "description": "d", "files": ["../../etc/passwd"]},
        ]
    }
    upstream = serve({OLD_INDEX: json.dumps(listed).encode(), "/.well-known/skills/a-one/SKILL.md": SKILL})

    _, read, left_out = everything(upstream)

    assert read == {}
    assert "gone.md" in left_out["a-one/SKILL.md"]
    assert "passwd" in left_out["a-two/SKILL.md"]


def test_a_page_that_answers_everywhere_is_no_index(serve):
    def page(handler):
        head(handler, Content_Length="6")
        handler.wfile.write(b"<html>")

    assert code_of(serve(page)) == "source_damaged"
    assert code_of(serve({})) == "source_missing"


@pytest.mark.parametrize(
    "body",
    [
        b"[]",
        b"null",
        b'{"skills": 1}',
        b'{"skills": [' + b"[" * 100_000,
        b"\xff\xfe",
        b'{"skills": "' + b"x" * 100,
    ],
)
def test_what_is_no_index_is_said(serve, body):
    assert code_of(serve({INDEX: body})) == "source_damaged"


def test_an_index_without_an_end_is_given_up(serve):
    def endless(handler):
        head(handler)
        while True:
            handler.wfile.write(b'{"skills": [' * 10_000)

    assert code_of(serve(endless)) == "source_too_large"


def test_a_zip_that_unfolds_is_left_out(serve):
    bomb = a_zip(content={"SKILL.md": SKILL, "zeros.txt": b"0" * 4_000_000})
    packed = gzip.compress(index())
    listed = index(entry("bomb", bomb))
    upstream = serve({INDEX: listed, "/.well-known/agent-skills/bomb.zip": bomb})

    _, read, left_out = everything(upstream)

    assert read == {}
    assert list(left_out) == ["bomb/SKILL.md"]
    assert code_of(serve({INDEX: packed})) == "source_damaged"


def test_packed_answers_are_refused(serve):
    def packed(handler):
        data = gzip.compress(index())
        head(handler, Content_Encoding="gzip", Content_Length=str(len(data)))
        handler.wfile.write(data)

    assert code_of(serve(packed)) == "source_damaged"


def test_a_server_that_drips_is_given_up_in_time(serve):
    gate = threading.Event()

    def drip(handler):
        head(handler, Content_Length="100000")
        while not gate.wait(0.05):
            handler.wfile.write(b" ")

    started = time.monotonic()
    assert code_of(serve(drip), UpstreamLimits(seconds=1)) == "source_too_slow"
    gate.set()
    assert time.monotonic() - started < 10


def test_a_redirect_is_not_followed(serve):
    goal = serve({INDEX: index()})
    asked = serve.asked

    assert code_of(serve(redirecting(goal.url))) == "source_redirects"
    assert asked == []


@pytest.mark.parametrize(
    ("status", "code"), [(401, "source_sign_in"), (403, "source_sign_in"), (500, "source_unreachable")]
)
def test_a_status_is_told_as_what_it_means(serve, status, code):
    assert code_of(serve(lambda handler: head(handler, status, Content_Length="0"))) == code


def test_a_token_goes_to_the_address_itself_and_nowhere_else(serve):
    seen = {}

    def other(handler):
        seen["other"] = handler.headers["Authorization"]
        head(handler, 404, Content_Length="0")

    elsewhere = serve(other)

    def first(handler):
        seen["first"] = handler.headers["Authorization"]
        data = index(entry("a-one", SKILL, "skill-md", url=f"{elsewhere.url}/x.md"))
        head(handler, Content_Length=str(len(data)))
        handler.wfile.write(data)

    upstream = serve(first, token="s3cret")
    _, _, left_out = everything(upstream)

    assert list(left_out) == ["a-one/SKILL.md"]
    assert seen == {"first": "Bearer s3cret", "other": None}


def test_a_registry_that_lists_other_digests_or_none_is_not_believed(serve):
    packed = a_zip("greet-people")
    detail = {
        "skill": None,
        "latestVersion": {"version": "1.0.0", "createdAt": 1, "changelog": ""},
        "owner": None,
    }
    version = {"version": {"files": [{"path": "SKILL.md", "size": 1, "sha256": "0" * 64}]}}
    answers = {
        "/api/v1/skills/greet-people": json.dumps(detail).encode(),
        "/api/v1/skills/none": b'{"latestVersion": null, "owner": null}',
        "/api/v1/skills/odd": b"[]",
        "/api/v1/skills/greet-people/versions/1.0.0": json.dumps(version).encode(),
        "/api/v1/download?slug=greet-people&version=1.0.0": packed,
    }
    upstream = serve(answers, kind=UpstreamKind.CLAWHUB, names=("greet-people", "none", "odd", "gone"))

    _, read, left_out = everything(upstream)

    assert read == {}
    assert "other bytes" in left_out["greet-people/SKILL.md"]
    assert "no published version" in left_out["none"]
    assert "not described" in left_out["odd/SKILL.md"]
    assert "not there" in left_out["gone"]


def test_what_a_registry_adds_to_a_skill_is_left_out(serve):
    content = {"SKILL.md": SKILL, "_meta.json": b"{}"}
    listed = [{"path": "SKILL.md", "size": 1, "sha256": hashlib.sha256(SKILL).hexdigest()}]
    detail = {"latestVersion": {"version": "1.0.0"}, "owner": {"handle": "alice"}}
    answers = {
        "/.well-known/clawhub.json": b'{"apiBase": "not used"}',
        "/api/v1/skills/a-one?ownerHandle=alice": json.dumps(detail).encode(),
        "/api/v1/skills/a-one/versions/1.0.0?ownerHandle=alice": json.dumps(
            {"version": {"files": listed}}
        ).encode(),
        "/api/v1/download?ownerHandle=alice&slug=a-one&version=1.0.0": a_zip(content=content),
    }
    upstream = serve(answers, kind=UpstreamKind.CLAWHUB, names=("@alice/a-one",))
    answers["/.well-known/clawhub.json"] = json.dumps({"apiBase": upstream.url}).encode()

    snapshot, read, left_out = everything(upstream)

    assert read == {"alice/a-one/SKILL.md": SKILL}
    assert list(left_out) == ["alice/a-one/_meta.json"]
    assert revision(upstream, LIMITS) == snapshot.revision


def registry_at(serve, api):
    discovery = json.dumps({"apiBase": api}).encode()
    return serve({"/.well-known/clawhub.json": discovery}, kind=UpstreamKind.CLAWHUB, names=("a-one",))


def test_a_registry_whose_api_is_away_fails_as_a_whole(serve, settings):
    settings.SOURCE_HOSTS = ["127.0.0.1:9"]

    assert code_of(registry_at(serve, "http://127.0.0.1:9")) == "source_unreachable"


def test_a_registry_that_says_no_address_loses_no_skill_silently(serve):
    _, _, left_out = everything(registry_at(serve, "http://["))

    assert "cannot be read" in left_out["a-one/SKILL.md"]


def test_a_registry_without_names_is_refused(serve):
    assert code_of(serve({}, kind=UpstreamKind.CLAWHUB)) == "source_missing"
    assert code_of(serve({}, kind=UpstreamKind.CLAWHUB, names=("a b",))) == "source_missing"
