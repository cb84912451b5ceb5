"""Damaged or missing bytes: never handed out, told to staff once, gone from the list when mended."""

import pytest

from skills.audit.models import Event
from skills.catalog.selectors import file_of
from skills.delivery import faults
from skills.delivery.content import all_files, file_bytes, zip_of
from skills.delivery.fsck import check_consistency
from skills.delivery.models import DamagedBlob
from skills.flows import access, release
from skills.lib import blobs, counters
from skills.lib.errors import Unavailable
from skills.notices.models import Notice
from tests.factories import a_person, a_version, actor, an_approved, an_upload, files

CONTENT = {**files(), "assets/a.bin": bytes(range(256)) * 50, "references/b.md": b"# B\n\nMore.\n"}


@pytest.fixture
def boss(db):
    return a_person("boss", staff=True)


@pytest.fixture
def version(owner, mate, team, boss):
    counters.client().delete("blob_faults", "blob_faults:aside")
    return an_approved(owner, mate, team, wanted="public", content=CONTENT)


def damage(version, at: int) -> None:
    path = blobs.store().path(version.blob)
    data = bytearray(path.read_bytes())
    data[at] ^= 1
    path.chmod(0o644)
    path.write_bytes(data)


def lose(version) -> None:
    blobs.store().delete(version.blob)


# One address of every protocol that reads bytes of a version.
BYTES = {
    "api zip": "/api/v1/skills/crew/greet-people/versions/1.0.0/zip",
    "api file": "/api/v1/skills/crew/greet-people/versions/1.0.0/files/SKILL.md",
    "file page": "/@crew/greet-people/v/1.0.0/files/SKILL.md",
    "agent skills zip": "/s/crew/greet-people/v/1.0.0.zip",
    "agent skills file": "/t/crew/.well-known/skills/greet-people/SKILL.md",
    "plugin zip": "/t/crew/plugins/greet-people/1.0.0.zip",
    "clawhub download": "/clawhub/api/v1/download?slug=greet-people",
    "clawhub file": "/clawhub/api/v1/skills/greet-people/file?path=SKILL.md",
    "compare": "/@crew/greet-people/compare/1.0.0...1.1.0/",
}


@pytest.mark.parametrize("harm", [lose, lambda version: damage(version, 60)], ids=["missing", "damaged"])
@pytest.mark.parametrize("place", sorted(BYTES))
def test_no_address_hands_out_wrong_bytes(place, harm, version, owner, mate, team, client):
    if place == "compare":
        an_approved(owner, mate, team, number="1.1.0", wanted="public", body="Other words.")
    assert client.get(BYTES[place]).status_code == 200
    harm(version)

    answer = client.get(BYTES[place])

    assert answer.status_code == 503, answer.content[:300]
    assert "immutable" not in answer.get("Cache-Control", "")
    assert "X-Content-SHA256" not in answer
    assert b"Say hello" not in answer.content


@pytest.mark.parametrize("place", ["review", "review files", "review changes"])
def test_no_page_of_a_review_shows_wrong_bytes(place, version, owner, mate, team, client):
    second = a_version(owner, team, number="1.1.0", body="Curious words.")
    damage(second, 60)
    client.force_login(mate)
    tab = {"review": "", "review files": "?tab=files", "review changes": "?tab=changes"}[place]

    answer = client.get(f"/reviews/{second.pk}/{tab}")

    assert answer.status_code in (200, 503)
    assert b"Curious words" not in answer.content or second.rendered in answer.content.decode()


def test_every_byte_of_a_zip_counts(version):
    """The kind: one wrong bit anywhere, for the zip and for each file it lies in."""
    whole = zip_of(version)
    rows = {row.path: row for row in version.files.all()}
    for at in range(0, len(whole), 7):
        damage(version, at)
        with pytest.raises(Unavailable):
            zip_of(version)
        with pytest.raises(Unavailable):
            all_files(version)
        for path, row in rows.items():
            inside = row.start <= at < row.start + row.packed
            if inside:
                with pytest.raises(Unavailable):
                    file_bytes(version, row)
            else:
                assert file_bytes(version, row) == CONTENT[path]
        damage(version, at)
    assert zip_of(version) == whole


def test_a_fault_is_told_to_staff_once_and_counted(version, boss, client):
    damage(version, 60)
    for _ in range(3):
        with pytest.raises(Unavailable):
            zip_of(version)

    faults.look_again()
    faults.look_again()

    assert DamagedBlob.objects.get().kind == "damaged"
    assert [notice.text for notice in Notice.objects.filter(account=boss, kind="storage")] == [
        "Stored bytes are not right, 1 in all: crew/greet-people@1.0.0 (damaged)"
    ]
    assert client.get("/readyz").json()["damaged_blobs"] == 1
    assert 'skillhub_damaged_blobs{kind="damaged"} 1.0' in client.get("/metrics").content.decode()
    assert Event.objects.filter(act="blob.fault").count() == 1


def test_publishing_the_same_bytes_again_mends_them(version, owner, team):
    damage(version, 60)
    check_consistency()
    assert DamagedBlob.objects.exists()

    upload = an_upload(owner, CONTENT)
    again, is_new = release.submit(actor=actor(owner), team=team, upload=upload, number="1.0.0")
    faults.look_again()

    assert (again.pk, is_new) == (version.pk, False)
    assert zip_of(version)
    assert not DamagedBlob.objects.exists()
    assert Event.objects.filter(act="blob.mended").count() == 1


def test_nobody_misses_the_bytes_of_a_removed_version(version, boss):
    damage(version, 60)
    check_consistency()

    access.remove(actor=actor(boss), version_id=version.pk, reason="x")
    faults.look_again()

    assert not DamagedBlob.objects.exists()


def test_without_the_cache_the_reader_is_refused_all_the_same(version, monkeypatch):
    monkeypatch.setattr(counters, "add", _away)
    lose(version)

    with pytest.raises(Unavailable, match="missing"):
        file_bytes(version, file_of(version, "SKILL.md"))


def _away(*_):
    raise counters.away()


def test_a_scan_of_damaged_bytes_holds_the_version(owner, team):
    version = a_version(owner, team, scanned=False)
    lose(version)

    with pytest.raises(Unavailable):
        release.scanned(version_id=version.pk)

    version.refresh_from_db()
    assert version.state == "scanning"
