"""The templates for pipelines, each `run` step as a runner would run it, against a running hub."""

import json
import os
import subprocess
from pathlib import Path

import pytest
import yaml

from skills.catalog.models import Version
from skills.protocols.ci import __file__ as ci
from skills.protocols.ci.publish_skills import Annotations
from tests.factories import skill_md
from tests.publishers.making import a_publisher

FILES = Path(ci).parent
pytestmark = pytest.mark.django_db(transaction=True)


def test_the_workflow_of_this_repository_is_the_one_that_is_served():
    ours = Path(".github/workflows/publish-skill.yml").read_text()

    assert ours == (FILES / "github.yml").read_text()


@pytest.fixture
def hub(live_server, settings, issuer, owner, team):
    settings.PUBLIC_URL = live_server.url
    issuer.run = {"aud": live_server.url}
    a_publisher(owner, team, issuer=issuer.url, checks_pull_requests=True, ref="refs/heads/main")
    return live_server.url


@pytest.fixture
def checkout(tmp_path) -> Path:
    """A repository with two skills, of which the second commit changes one."""
    folder = tmp_path / "checkout"
    for name in ("greet-people", "say-goodbye"):
        write(folder, name, "Say hello.")
    git(folder, "init", "-q", "-b", "main")
    commit(folder)
    write(folder, "greet-people", "Say good morning.")
    commit(folder)
    return folder


def write(folder: Path, name: str, body: str) -> None:
    home = folder / "skills" / name
    home.mkdir(parents=True, exist_ok=True)
    (home / "SKILL.md").write_text(skill_md(name, body=body))


def break_one(folder: Path) -> None:
    """Commit a SKILL.md that is refused: aliases could make it grow without an end."""
    head = "name: greet-people\ndescription: Says hello.\nmetadata:\n  a: &x b\n  c: *x"
    text = f"---\n{head}\n---\n\nNothing.\n"
    (folder / "skills/greet-people/SKILL.md").write_text(text)
    commit(folder)


def git(folder: Path, *words: str) -> str:
    who = ("-c", "user.name=x", "-c", "user.email=x@example.org", "-c", "commit.gpgsign=false")
    return subprocess.run(
        ["git", *who, *words], cwd=folder, check=True, capture_output=True, text=True
    ).stdout.strip()


def commit(folder: Path) -> None:
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "x")


def step(script: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """One step of a pipeline, in a shell that stops at the first failure."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(
        ["bash", "-eo", "pipefail", "-c", script],
        cwd=folder,
        env=kept | environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def github_job(job: str, hub: str, issuer, folder: Path, since: str) -> subprocess.CompletedProcess[str]:
    """The `run` steps of JOB, with what GitHub gives them."""
    steps = yaml.safe_load((FILES / "github.yml").read_text())["jobs"][job]["steps"]
    environment = {
        "GITHUB_ACTIONS": "true",
        "RUNNER_TEMP": str(folder.parent),
        "ACTIONS_ID_TOKEN_REQUEST_URL": f"{issuer.url}/id?api-version=2",
        "ACTIONS_ID_TOKEN_REQUEST_TOKEN": "of-the-runner",
        "SKILLHUB_URL": hub,
        "SKILLHUB_TEAM": "crew",
        "SKILLHUB_PATH": ".",
        "SKILLHUB_VISIBILITY": "team",
        "SKILLHUB_SINCE": since,
    }
    for one in steps:
        if "run" in one:
            done = step(one["run"], folder, **environment)
            if done.returncode:
                break
    return done


def test_a_push_publishes_what_changed_and_prints_where_it_is_reviewed(hub, issuer, checkout):
    done = github_job("publish", hub, issuer, checkout, git(checkout, "rev-parse", "HEAD~1"))

    assert done.returncode == 0, done.stdout + done.stderr
    version = Version.objects.get()
    assert (version.skill.name, version.number, version.author.username) == (
        "greet-people",
        "1.0.0",
        "crew-ci",
    )
    assert version.provenance.revision == "4f" * 20
    assert f"waits for review: {hub}{version.review_url}" in done.stdout
    assert "2 skills, 1 to publish" in done.stdout


def test_a_second_push_makes_the_next_patch_and_leaves_the_rest_alone(hub, issuer, checkout):
    github_job("publish", hub, issuer, checkout, "0" * 40)
    write(checkout, "greet-people", "Say good evening.")
    commit(checkout)

    done = github_job("publish", hub, issuer, checkout, "0" * 40)

    assert "crew/greet-people 1.0.1 waits for review" in done.stdout
    assert "unchanged: crew/say-goodbye 1.0.0" in done.stdout
    assert Version.objects.count() == 3


def test_a_pull_request_is_told_file_and_line(hub, issuer, checkout):
    issuer.run |= {"event_name": "pull_request", "ref": "refs/pull/5/merge"}
    break_one(checkout)

    done = github_job("check", hub, issuer, checkout, git(checkout, "rev-parse", "HEAD~1"))

    assert done.returncode == 1
    assert "::error file=skills/greet-people/SKILL.md,line=" in done.stdout
    assert not Version.objects.exists()


def test_a_run_that_nobody_wrote_down_is_told_what_differs(hub, issuer, checkout):
    issuer.run |= {"ref": "refs/heads/feature"}

    done = github_job("publish", hub, issuer, checkout, "")

    assert done.returncode == 2
    assert "ref: expected refs/heads/main, but the run says refs/heads/feature" in done.stdout
    assert not Version.objects.exists()


def test_no_text_of_a_hub_becomes_a_command_of_the_runner(capsys):
    Annotations(in_github=True).add("error", "a\n::set-output name=x::1", "a,b:c/SKILL.md", 3)

    commands = [line for line in capsys.readouterr().out.splitlines() if line.startswith("::")]
    assert commands == ["::error file=a%2Cb%3Ac/SKILL.md,line=3,title=skillhub::a%0A::set-output name=x::1"]


def gitlab_job(job: str, hub: str, issuer, folder: Path, **more: str) -> subprocess.CompletedProcess[str]:
    """The script of JOB after that of `.skillhub`, with what GitLab gives them."""
    served = (FILES / "gitlab.yml").read_text().replace("https://hub.example", hub)
    template = yaml.safe_load(served)
    base = template[template[job]["extends"]]
    place = str(folder.parent / "publish_skills.py")
    script = "\n".join(base["before_script"] + template[job]["script"])
    audience = base["id_tokens"]["SKILLHUB_ID_TOKEN"]["aud"]
    environment = base["variables"] | {
        "SKILLHUB_TEAM": "crew",
        "SKILLHUB_ID_TOKEN": issuer.token(**issuer.run | {"aud": audience}),
        "CI_COMMIT_BEFORE_SHA": "0" * 40,
        "CI_MERGE_REQUEST_DIFF_BASE_SHA": git(folder, "rev-parse", "HEAD~1"),
    }
    return step(script.replace("/tmp/publish_skills.py", place), folder, **environment | more)


def test_a_pipeline_of_gitlab_publishes(hub, issuer, checkout):
    done = gitlab_job("skillhub-publish", hub, issuer, checkout, SKILLHUB_PATH="skills/say-goodbye")

    assert done.returncode == 0, done.stdout + done.stderr
    assert Version.objects.get().skill.name == "say-goodbye"


def test_a_merge_request_of_gitlab_gets_a_report_of_code_quality(hub, issuer, checkout):
    issuer.run |= {"event_name": "pull_request"}
    break_one(checkout)

    done = gitlab_job("skillhub-check", hub, issuer, checkout)

    report = json.loads((checkout / "gl-code-quality-report.json").read_text())
    assert done.returncode == 1
    assert report[0]["location"]["path"] == "skills/greet-people/SKILL.md"
    assert report[0]["severity"] == "major"
