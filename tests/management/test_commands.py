"""Operators' commands: what each checks, says and refuses."""

import gzip
import json

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from skills.audit.models import Event
from skills.budgets.allowances import budget_of
from skills.budgets.models import Period
from skills.budgets.periods import current
from skills.catalog.models import Skill, Version
from skills.lib import blobs
from skills.people.models import Account
from skills.search.models import Document
from tests.factories import a_person, an_approved, skill_md

pytestmark = pytest.mark.django_db


def run(capsys, *arguments, **options):
    """What a command prints."""
    call_command(*arguments, **options)
    return capsys.readouterr().out


@pytest.fixture
def version(owner, mate, team):
    return an_approved(owner, mate, team, wanted="public")


def test_fsck_of_whole_data_says_so(capsys, version):
    out = run(capsys, "fsck")

    assert "1 versions, 1 files checked." in out
    assert "Every digest is right." in out


def test_fsck_names_a_version_whose_bytes_are_gone(version):
    blobs.store().delete(version.blob)

    with pytest.raises(CommandError, match=r"Damaged:\n.*crew/greet-people"):
        call_command("fsck")


def test_fsck_deletes_orphans_only_when_told_to(capsys, version):
    orphan = blobs.sha256(b"nobody refers to this")
    blobs.store().put(orphan, b"nobody refers to this")

    assert "1 blobs nothing refers to, found; --delete-orphans deletes them." in run(capsys, "fsck")
    assert orphan in set(blobs.store().digests())

    young = run(capsys, "fsck", delete_orphans=True)
    assert "1 blobs nothing refers to, 0 deleted, 1 too young." in young
    assert orphan in set(blobs.store().digests())

    gone = run(capsys, "fsck", delete_orphans=True, older_than=0)
    assert "1 blobs nothing refers to, 1 deleted." in gone
    assert set(blobs.store().digests()) == {version.blob}


def test_verify_audit_seals_what_waits_and_finds_a_changed_row(capsys, version):
    assert "The chain is whole." in run(capsys, "verify_audit")
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("set local session_replication_role = replica")
        cursor.execute("update skills_event set target = 'else' where act = 'team.create'")

    with pytest.raises(CommandError, match="The audit log was tampered with:\n  row "):
        call_command("verify_audit")


def test_verify_ledger_counts_what_adds_up_and_names_what_does_not(capsys, owner):
    period = current(budget_of(account=owner))
    assert "1 periods and the sums of reports add up." in run(capsys, "verify_ledger")
    Period.objects.filter(pk=period.pk).update(spent_tokens=5)

    with pytest.raises(CommandError, match="1 figures do not add up"):
        call_command("verify_ledger")


def test_demo_logins_are_switched_off_and_nobody_else(capsys):
    for name in ("demo-1", "demo-2"):
        a_person(name, staff=True)
    Account.objects.filter(username__startswith="demo").update(is_demo=True)
    boss = a_person("boss", staff=True)

    assert "2 demo logins are deactivated." in run(capsys, "deactivate_demo")
    assert "0 demo logins are deactivated." in run(capsys, "deactivate_demo")

    boss.refresh_from_db()
    assert (boss.is_active, boss.is_staff) == (True, True)
    demo = Account.objects.filter(is_demo=True)
    assert set(demo.values_list("is_active", "is_staff")) == {(False, False)}
    assert Event.objects.filter(act="account.deactivate").count() == 2


def test_reindex_of_words_writes_lost_documents_anew(version):
    Document.objects.all().delete()

    call_command("reindex", words=True)

    assert [document.skill for document in Document.objects.all()] == [version.skill]


def test_search_health_names_a_skill_without_a_document(capsys, version):
    assert "Index and catalogue agree." in run(capsys, "search_health")
    Document.objects.all().delete()

    with pytest.raises(CommandError, match=r"`manage\.py reindex` mends them"):
        call_command("search_health")

    assert "crew/greet-people has no document" in capsys.readouterr().err


def test_a_backup_goes_into_a_new_folder_only(tmp_path, version):
    with pytest.raises(CommandError, match="exists; choose a new folder"):
        call_command("backup", str(tmp_path))


def test_restore_refuses_what_is_no_backup_and_a_database_in_use(tmp_path, version):
    with pytest.raises(CommandError, match=r"is not a backup: database\.dump is missing"):
        call_command("restore", str(tmp_path))
    (tmp_path / "database.dump").write_bytes(b"x")

    with pytest.raises(CommandError, match="The database is not empty"):
        call_command("restore", str(tmp_path))

    assert Version.objects.count() == 1


@pytest.fixture
def lines(tmp_path):
    path = tmp_path / "skills.jsonl"
    rows = [
        {"owner": "ann", "slug": "one", "skill_md": skill_md("one")},
        {"owner": "ann", "slug": "two", "skill_md": "no front matter, no body"},
    ]
    path.write_text("\n".join(map(json.dumps, rows)))
    return path


def test_an_import_reports_each_source_once(capsys, tmp_path, lines, team):
    report = tmp_path / "report.json"

    out = run(capsys, "import_skills", str(lines), team="crew", report=report)

    facts = json.loads(report.read_text())
    sources = [
        *facts["imported"],
        *(one for one, _ in facts["mended"]),
        *(one for one, _ in facts["refused"]),
    ]
    assert sorted(sources) == ["ann/one", "ann/two"]
    assert out.endswith("2 in all.\n")
    assert Skill.objects.get(name="one").versions.get().author.username == "owner"


def test_an_import_may_release_at_once_as_public(lines, team):
    call_command("import_skills", str(lines), team="crew", by="mate", approve=True, visibility="public")

    skill = Skill.objects.get(name="one")
    assert (skill.shown.number, skill.visibility, skill.shown.author.username) == ("1.0.0", "public", "mate")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"team": "nobody"}, "There is no team 'nobody'"),
        ({"team": "crew", "by": "stranger"}, "stranger is not an active member of crew"),
        ({"team": "crew", "by": "ghost"}, "ghost is not an active member of crew"),
    ],
)
def test_an_import_needs_a_team_and_one_of_its_members(options, words, lines, team, stranger):
    with pytest.raises(CommandError, match=words):
        call_command("import_skills", str(lines), **options)

    assert not Skill.objects.exists()


@pytest.mark.parametrize(
    "content",
    [
        *("{", '{"owner": "ann"}', "\udcff", "[]", "null", "7", "{}\n\n"),
        *('{"owner": 1, "slug": "a", "skill_md": "x"}', '{"owner": "a", "slug": "b", "skill_md": "\\ud800"}'),
    ],
)
def test_a_file_that_cannot_be_read_is_a_message_and_no_traceback(content, tmp_path, team):
    path = tmp_path / "skills.jsonl"
    path.write_bytes(content.encode("utf-8", "surrogateescape"))

    with pytest.raises(CommandError, match="cannot be read: Line 1: "):
        call_command("import_skills", str(path), team="crew")


def test_lines_in_a_gzip_that_is_cut_off_are_a_message(tmp_path, lines, team):
    path = tmp_path / "skills.jsonl.gz"
    path.write_bytes(gzip.compress(lines.read_bytes())[:-9])

    with pytest.raises(CommandError, match="cut off or damaged"):
        call_command("import_skills", str(path), team="crew")


def test_a_line_that_names_a_skill_again_is_told(capsys, lines, team):
    again = json.dumps({"owner": "ann", "slug": "one", "skill_md": skill_md("one", body="Other.")})
    lines.write_text(f"{lines.read_text()}\n{again}\n")

    out = run(capsys, "import_skills", str(lines), team="crew")

    assert "Line 3 names it again; the first one counts." in out
    assert "3 in all" in out


def test_a_path_that_is_not_there_is_told(team):
    with pytest.raises(CommandError, match="does not exist"):
        call_command("import_skills", "/no/such/path", team="crew")
