"""Other people's clients, from npm, against the running product."""

import io
import json
import os
import re
import shutil
import subprocess
import zipfile
from pathlib import Path

import httpx
import pytest

from tests.product.conftest import until

HERE = Path(__file__).with_name("clients")
NODE = HERE / "node" / "node_modules" / ".bin" / "node"
pytestmark = [
    pytest.mark.product,
    pytest.mark.skipif(
        not NODE.exists(), reason="the clients are not installed: CI=1 sh .ci/tools gets them where npm is"
    ),
]
SKILL = (
    "---\nname: {name}\ndescription: Reads a {name} table. Use before a walk.\nlicense: Apache-2.0\n"
    "---\n\n# Read\n\n1. Find the place.\n{more}"
)


def a_folder(tmp_path: Path, name: str, more: str = "") -> Path:
    folder = tmp_path / "mine" / name
    (folder / "scripts").mkdir(parents=True, exist_ok=True)
    (folder / "SKILL.md").write_text(SKILL.format(name=name, more=more))
    for path in ("scripts/Run_B.py", "a-b.md", "A_c.md", "a.b.md"):
        (folder / path).write_text(f"# {path}\n")
    return folder


class Claw:
    """`clawhub` with its configuration and folder."""

    def __init__(self, product, tmp_path: Path, version: str) -> None:
        self.program = HERE / f"clawhub-{version}" / "node_modules" / "clawhub" / "bin" / "clawdhub.js"
        self.work = tmp_path / "work"
        self.work.mkdir()
        self.env = {
            "PATH": os.environ["PATH"],
            "HOME": str(tmp_path),
            "CI": "1",
            "NO_COLOR": "1",
            "CLAWHUB_REGISTRY": f"{product.url}/clawhub",
            "CLAWHUB_SITE": product.url,
            "CLAWHUB_CONFIG_PATH": str(tmp_path / "config.json"),
            "CLAWHUB_WORKDIR": str(self.work),
        }

    def __call__(self, *arguments: str, ok: bool = True) -> str:
        done = subprocess.run(
            [NODE, self.program, "--no-input", *arguments],
            env=self.env,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        said = done.stdout + done.stderr
        assert (done.returncode == 0) == ok, said
        return said


def approve(product, name: str, number: str) -> None:
    """A reviewer approves what waits, once its checks are through."""
    api = product.api("reviewer")
    address = f"/skills/support/{name}/versions/{number}"
    version = until(lambda: (found := api.get(address).json()).get("state") == "in_review" and found, 60)
    done = api.post(f"{address}/decisions", json={"verdict": "approve", "digest": version["digest"]})
    assert done.status_code == 200, done.text


@pytest.mark.parametrize("version", ["0.23.3", "0.20.0"])
def test_clawhub(version, product, tmp_path):
    claw, name = Claw(product, tmp_path, version), f"tide-{version.replace('.', '')}"
    assert "admin" in claw("login", "--token", product.token("admin", "read", "publish", "admin"))
    assert "admin" in claw("whoami")
    assert "code-review" in claw("search", "review a pull request")
    assert "meeting-minutes" in claw("explore")
    assert "references/severity.md" in claw("inspect", "code-review", "--files")
    claw("install", "code-review")
    assert (claw.work / "skills" / "code-review" / "SKILL.md").exists()
    assert "up to date" in claw("update", "--all"), "a clean install has the published fingerprint"
    (claw.work / "skills" / "code-review" / "SKILL.md").open("a").write("mine\n")
    assert "local changes" in claw("update", "--all")
    assert "Starred" in claw("star", "code-review", "--yes")
    assert "Unstarred" in claw("unstar", "code-review", "--yes")

    owner = ["--owner", "support"] if version == "0.23.3" else []
    folder = a_folder(tmp_path, name)
    options = ["--slug", name, "--name", name, "--version", "1.0.0", "--changelog", "first"]
    claw("publish", str(folder), *options, *owner)
    team = "support" if owner else "admin"
    if not owner:  # this one cannot name a team: the version waits in one's own
        assert product.api("admin").get(f"/skills/{team}/{name}/versions/1.0.0").json()["state"] in (
            "scanning",
            "in_review",
        )
        return
    approve(product, name, "1.0.0")
    installed = claw("install", f"@{team}/{name}")
    assert installed and "up to date" in claw("update", f"@{team}/{name}"), (
        "mixed case and punctuation keep the fingerprint"
    )
    said = claw("sync", *("--root", str(folder.parent), "--all", "--dry-run"), *owner)
    assert not re.search(rf"- {name}\s+(NEW|UPDATE)", said), said
    claw("delete", f"@{team}/{name}", "--yes")
    assert product.api("reader").get(f"/skills/{team}/{name}").status_code == 404
    claw("undelete", f"@{team}/{name}", "--yes")
    found = product.api("admin").get(f"/skills/{team}/{name}/versions/1.0.0").json()
    assert found["state"] == "approved"


def skills(product, folder: Path, *arguments: str, **more: str) -> str:
    package = HERE / "skills" / "node_modules" / "skills"
    program = package / json.loads((package / "package.json").read_text())["bin"]["skills"]
    env = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "CI": "1",
        "NO_COLOR": "1",
        "DISABLE_TELEMETRY": "1",
        "DO_NOT_TRACK": "1",
        **more,
    }
    done = subprocess.run(
        [NODE, program, *arguments],
        cwd=folder,
        env=env,
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", done.stdout + done.stderr)


def add(product, folder: Path, address: str) -> None:
    """Install what lies at ADDRESS for Claude Code, without questions."""
    options = ["-a", "claude-code", "-y"]
    skills(product, folder, "add", f"{product.url}{address}", *options)


def test_npx_skills(product, tmp_path):
    place = tmp_path / ".claude" / "skills"
    add(product, tmp_path, "/s/engineering/code-review")
    assert (place / "code-review" / "references" / "severity.md").exists()
    before = (tmp_path / "skills-lock.json").read_text()
    skills(product, tmp_path, "update", "-y")
    assert (tmp_path / "skills-lock.json").read_text() == before, "unchanged: nothing is installed again"

    add(product, tmp_path, "/s/engineering/code-review/v/1.0.0")
    text = (place / "code-review" / "SKILL.md").read_text()
    exact = product.api("reader").get("/skills/engineering/code-review/versions/1.0.0/files/SKILL.md").text
    assert text == exact, "pinned"

    shutil.rmtree(place)
    add(product, tmp_path, "/t/engineering")
    assert {"code-review", "incident-report", "release-notes", "sql-query-review"} <= {
        path.name for path in place.iterdir()
    }
    found = skills(product, tmp_path, "find", "review a pull request", SKILLS_API_URL=product.url)
    assert "/s/engineering/code-review@code-review" in found


def test_npx_skills_follows_a_new_version(product, tmp_path):
    api = product.api("author")
    import io
    import zipfile

    def publish(number: str, more: str) -> None:
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            archive.writestr("SKILL.md", SKILL.format(name="moon-phase", more=more))
        sent = api.post(
            f"/teams/support/versions?version={number}&visibility=public",
            content=buffer.getvalue(),
            headers={"Content-Type": "application/zip"},
        )
        assert sent.status_code == 201, sent.text
        approve(product, "moon-phase", number)

    publish("1.0.0", "")
    add(product, tmp_path, "/s/support/moon-phase")
    publish("1.1.0", "2. Look again.\n")
    skills(product, tmp_path, "update", "-y")
    installed = list(tmp_path.rglob("moon-phase/SKILL.md"))
    assert installed and any("Look again" in path.read_text() for path in installed)


OPENCLAW = HERE / "openclaw" / "node_modules" / "openclaw" / "openclaw.mjs"


@pytest.mark.skipif(not OPENCLAW.exists(), reason="openclaw is not installed: CI=1 sh .ci/tools gets it")
def test_openclaw(product, tmp_path):
    """The catalogue, an older version, its update and verification; a private skill with a token only."""
    env = {
        "PATH": f"{NODE.parent}:{os.environ['PATH']}",
        "HOME": str(tmp_path),
        "CI": "1",
        "NO_COLOR": "1",
        "OPENCLAW_CLAWHUB_URL": f"{product.url}/clawhub",
        "OPENCLAW_STATE_DIR": str(tmp_path / "state"),
    }

    def claw(*arguments: str, **more: str) -> str:
        command = [NODE, OPENCLAW, "skills", *arguments]
        done = subprocess.run(
            command, env=env | more, cwd=tmp_path, capture_output=True, text=True, timeout=180, check=False
        )
        return done.stdout + done.stderr

    assert "@engineering/code-review" in claw("search")
    assert claw("search", "review a pull request").startswith("@engineering/code-review")
    assert "Installed code-review@1.1.0" in claw("install", "@engineering/code-review", "--version", "1.1.0")
    said = claw("update", "@engineering/code-review")
    assert "Approved by reviewer" in said and "1.1.0 -> 2.0.0" in said
    installed = tmp_path / "state" / "workspace" / "skills" / "code-review"
    zipped = httpx.get(f"{product.url}/api/v1/skills/engineering/code-review/versions/2.0.0/zip").content
    with zipfile.ZipFile(io.BytesIO(zipped)) as archive:
        assert {name: (installed / name).read_bytes() for name in archive.namelist()} == {
            name: archive.read(name) for name in archive.namelist()
        }
    verified = json.loads(claw("verify", "@engineering/code-review"))
    assert verified["decision"] == "pass" and verified["version"] == "2.0.0"
    private = ("install", "@finance/expense-policy")
    assert "not found" in claw(*private)
    assert "Installed expense-policy" in claw(*private, CLAWHUB_TOKEN=product.token("author", "read"))
