"""Packages with a published advisory become findings; what cannot be compared is said."""

import json
import zipfile

import pytest

from skills.bundles.dependencies import read_dependencies
from skills.scans.checks.known_vulnerabilities import find_known_vulnerabilities

REQUESTS = {
    "id": "GHSA-j8r2-6x86-q33q",
    "aliases": ["CVE-2023-32681", "PYSEC-2023-74"],
    "summary": "Unintended leak of the Proxy-Authorization header",
    "database_specific": {"severity": "MODERATE"},
    "affected": [
        {
            "package": {"ecosystem": "PyPI", "name": "requests"},
            "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "2.3.0"}, {"fixed": "2.31.0"}]}],
        }
    ],
}
SAME_BY_PYSEC = {**REQUESTS, "id": "PYSEC-2023-74", "aliases": ["CVE-2023-32681"], "database_specific": {}}
LODASH = {
    "id": "GHSA-35jh-r3h4-6jhm",
    "summary": "Command injection",
    "database_specific": {"severity": "HIGH"},
    "affected": [
        {
            "package": {"ecosystem": "npm", "name": "lodash"},
            "ranges": [{"type": "SEMVER", "events": [{"introduced": "0"}, {"fixed": "4.17.21"}]}],
        }
    ],
}
EVIL = {
    "id": "MAL-2025-1",
    "summary": "Malicious code",
    "affected": [{"package": {"ecosystem": "PyPI", "name": "Evil_Pkg"}, "versions": ["1.0", "1.1"]}],
}
WITHDRAWN = {**LODASH, "id": "GHSA-gone", "withdrawn": "2025-01-01T00:00:00Z"}
ELSEWHERE = {
    "id": "GO-1",
    "affected": [{"package": {"ecosystem": "Go", "name": "requests"}, "versions": ["2.0"]}],
}


@pytest.fixture
def database(tmp_path):
    folder = tmp_path / "osv"
    folder.mkdir()
    with zipfile.ZipFile(folder / "all.zip", "w") as archive:
        for advisory in (REQUESTS, SAME_BY_PYSEC, LODASH, WITHDRAWN, ELSEWHERE):
            archive.writestr(f"{advisory['id']}.json", json.dumps(advisory))
    (folder / "MAL-2025-1.json").write_text(json.dumps(EVIL))
    return folder


@pytest.fixture
def find(database, tmp_path):
    def work(text: str, path: str = "requirements.txt", source=database):
        return find_known_vulnerabilities(
            read_dependencies({path: text.encode()}), source=str(source), index=tmp_path / "index.sqlite"
        )

    return work


def test_a_finding_names_package_version_advisory_severity_and_fix(find):
    (finding,) = find("# pinned\nrequests==2.30.0\n")

    assert (finding.rule, finding.severity, finding.path, finding.line) == (
        "known_vulnerability",
        "medium",
        "requirements.txt",
        2,
    )
    for part in (
        "requests 2.30.0",
        "GHSA-j8r2-6x86-q33q",
        "CVE-2023-32681",
        "moderate",
        "Proxy-Authorization",
    ):
        assert part in finding.text
    assert finding.remedy == "Ask for 2.31.0 or newer."


@pytest.mark.parametrize(
    ("version", "count"),
    [("2.2.9", 0), ("2.3.0", 1), ("2.30.0", 1), ("2.31.0rc1", 1), ("2.31.0", 0), ("10.0", 0)],
)
def test_a_version_is_affected_within_its_range_alone(version, count, find):
    assert len(find(f"requests=={version}")) == count


def test_a_range_is_told_by_what_it_allows(find):
    (finding,) = find('{"dependencies": {"lodash": "^4.17.0"}}', "package.json")

    assert finding.severity == "medium"
    assert "lodash@^4.17.0 allows 4.17.0" in finding.text
    assert finding.remedy == "Ask for 4.17.21 or newer."


def test_an_exact_version_of_npm_weighs_as_its_advisory_says(find):
    (finding,) = find('{"dependencies": {"lodash": "4.17.20"}}', "package.json")

    assert finding.severity == "high"


def test_a_malicious_package_is_named_so_whatever_its_spelling(find):
    (finding,) = find("evil.pkg==1.1")

    assert (finding.rule, finding.severity) == ("malicious_package", "high")
    assert finding.remedy == "No fixed version is known: leave it out."


def test_what_has_no_version_is_said_once_a_file(find):
    (finding,) = find("requests\nlodash\n./x.whl\nflask==1.0")

    assert (finding.rule, finding.severity, finding.line) == ("dependency_without_version", "low", 1)
    assert "3 of the packages" in finding.text


def test_without_a_database_it_says_not_checked(find):
    (finding,) = find("requests==2.30.0\nflask==1.0", source="")

    assert (finding.rule, finding.severity) == ("advisories_not_checked", "low")
    assert finding.text.startswith("Not checked: 2 packages")


def test_a_bundle_that_asks_for_nothing_has_no_finding(find):
    assert find("x = 1", "run.py", source="") == []


@pytest.mark.parametrize("kind", ["missing", "empty", "no zip", "no json", "another json"])
def test_a_database_that_cannot_be_read_is_no_silence(kind, find, tmp_path):
    source = tmp_path / ("db.zip" if kind == "no zip" else "db")
    if kind == "no zip":
        source.write_bytes(b"no zip")
    elif kind != "missing":
        source.mkdir()
    if kind == "no json":
        (source / "a.json").write_text("{")
    if kind == "another json":
        (source / "a.json").write_text("[1]")

    (finding,) = find("requests==2.30.0", source=source)

    assert finding.rule == "advisories_not_checked"
    assert "failed" in finding.text


def test_a_new_advisory_is_found_at_the_next_scan(find, database):
    assert find("flask==1.0") == []
    advisory = {**REQUESTS, "id": "GHSA-new", "aliases": []}
    advisory["affected"] = [{"package": {"ecosystem": "PyPI", "name": "flask"}, "versions": ["1.0"]}]
    (database / "GHSA-new.json").write_text(json.dumps(advisory))

    (finding,) = find("flask==1.0")

    assert "GHSA-new" in finding.text


def test_the_index_is_not_made_anew_while_the_files_are_the_same(find, tmp_path):
    find("flask==1.0")
    before = (tmp_path / "index.sqlite").stat().st_ino

    find("flask==1.0")

    assert (tmp_path / "index.sqlite").stat().st_ino == before


def test_last_affected_and_withdrawn_are_understood(find, database):
    advisory = {**LODASH, "id": "GHSA-last", "database_specific": {}}
    advisory["affected"] = [
        {
            "package": {"ecosystem": "npm", "name": "left-pad"},
            "ranges": [{"type": "SEMVER", "events": [{"introduced": "1.0.0"}, {"last_affected": "1.2.0"}]}],
        }
    ]
    (database / "GHSA-last.json").write_text(json.dumps(advisory))

    def ids(version):
        return [one.text for one in find(json.dumps({"dependencies": {"left-pad": version}}), "package.json")]

    assert len(ids("1.2.0")) == 1
    assert "not rated" in ids("1.2.0")[0]
    assert ids("1.2.1") == ids("0.9.0") == []


def test_more_packages_than_are_compared_are_said(find):
    found = find("".join(f"flask=={number}\n" for number in range(1_005)))

    assert [finding.rule for finding in found] == ["advisories_not_checked"]
    assert "the first 1,000" in found[0].text
