"""What is said of a release, when it is written, who verifies it, and what the worker refuses to sign."""

import base64
import json
from copy import deepcopy

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from google.protobuf import json_format
from in_toto_attestation.v1 import statement_pb2
from in_toto_attestation.v1.statement import Statement
from securesystemslib.dsse import Envelope
from securesystemslib.exceptions import VerificationError

from skills.flows import access, release, signed_releases
from skills.lib import blobs
from skills.signing.models import ReleaseStatement
from skills.signing.statements import PREDICATE, SignedFile, tree_digest
from tests.evals.making import REAL, SCRIPTED, a_finished_run, a_report
from tests.factories import a_person, a_version, actor, an_approved, files
from tests.signing.making import a_signed_release, envelope_of, published_keys, statement_of
from tests.tampering import tamper

TABLE = "skills_releasestatement"
MORE = {"SKILL.md": files()["SKILL.md"], "scripts/a.py": b"print('a')\n", "references/b.md": b"# B\n"}


def opened(envelope) -> Envelope:
    return Envelope.from_dict(deepcopy(envelope))


def verified(envelope) -> bool:
    try:
        return bool(opened(envelope).verify(published_keys(), 1))
    except VerificationError:
        return False


def test_a_release_is_verified_by_securesystemslib(owner, mate, team):
    version = a_signed_release(owner, mate, team)

    assert verified(envelope_of(version))


def test_a_statement_is_one_for_the_library_of_in_toto(owner, mate, team):
    version = a_signed_release(owner, mate, team)

    read = json_format.Parse(opened(envelope_of(version)).payload, statement_pb2.Statement())
    statement = Statement.copy_from_pb(read)
    statement.validate()
    assert statement.pb.type == "https://in-toto.io/Statement/v1"
    assert statement.pb.predicate_type == PREDICATE


def test_the_first_subject_is_the_zip_that_is_served(owner, mate, team):
    version = a_signed_release(owner, mate, team)

    subject = statement_of(version)["subject"][0]
    assert subject["digest"]["sha256"] == blobs.sha256(blobs.store().read(version.blob))
    assert subject["name"] == "crew/greet-people@1.0.0"


def test_the_second_subject_is_the_tree_as_sha256sum_sees_it(owner, mate, team, tmp_path):
    import subprocess

    version = a_signed_release(owner, mate, team, content=MORE)
    for path, data in MORE.items():
        (tmp_path / "tree" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "tree" / path).write_bytes(data)

    # The command of in-toto's specification of `dirHash`.
    command = "find . -type f | cut -c3- | LC_ALL=C sort | xargs -r sha256sum | sha256sum | cut -f1 -d' '"
    done = subprocess.run(
        ["sh", "-c", command], cwd=tmp_path / "tree", capture_output=True, text=True, check=True
    )

    assert statement_of(version)["subject"][1]["digest"] == {"dirHash": done.stdout.strip()}


def test_the_predicate_says_who_decided_on_what(owner, mate, team):
    an_approved(owner, mate, team)
    version = a_signed_release(owner, mate, team, number="1.1.0", content=MORE)

    predicate = statement_of(version)["predicate"]
    assert predicate["author"] == "owner"
    assert [one["account"] for one in predicate["approvers"]] == ["mate"]
    assert predicate["policy"] == {"approvalsNeeded": 1, "selfApproval": False}
    assert predicate["rules"]
    assert predicate["previous"]["version"] == "1.0.0"
    assert [file["path"] for file in predicate["files"]] == ["SKILL.md", "references/b.md", "scripts/a.py"]
    assert not predicate["imported"]


def test_the_evaluation_is_named_by_the_digest_of_its_report(owner, mate, team):
    version = a_version(owner, team)
    run = a_finished_run(version, REAL)
    release.decide(actor=actor(mate), version_id=version.pk, verdict="approve", digest=version.digest)

    form = json.dumps(run.report, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert statement_of(version)["predicate"]["evaluation"] == {
        "run": run.pk,
        "runs": [run.pk],
        "verdict": "improves",
        "reportSha256": blobs.sha256(form.encode()),
    }


def test_the_evaluation_is_what_all_of_the_same_bytes_show_together(owner, mate, team):
    version = a_version(owner, team)
    together = a_report(0.1, state="no_clear_effect")
    first = a_finished_run(version, REAL)
    newest = a_finished_run(version, REAL, pooled_report=together)

    release.decide(actor=actor(mate), version_id=version.pk, verdict="approve", digest=version.digest)

    said = statement_of(version)["predicate"]["evaluation"]
    form = json.dumps(together, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert (said["run"], said["runs"]) == (newest.pk, [first.pk, newest.pk])
    assert (said["verdict"], said["reportSha256"]) == ("no_clear_effect", blobs.sha256(form.encode()))


def test_a_script_is_no_evaluation_of_a_statement(owner, mate, team):
    version = a_version(owner, team)
    a_finished_run(version, SCRIPTED)

    release.decide(actor=actor(mate), version_id=version.pk, verdict="approve", digest=version.digest)

    assert statement_of(version)["predicate"]["evaluation"] is None


def test_the_statement_is_written_with_the_approval(owner, mate, team):
    version = an_approved(owner, mate, team)

    statement = ReleaseStatement.objects.get(version=version)
    assert statement.envelope is None


def test_an_approval_that_is_not_the_last_one_says_nothing(owner, mate, team):
    team.policy.approvals_needed = 2
    team.policy.save()
    version = a_version(owner, team)

    release.decide(actor=actor(mate), version_id=version.pk, verdict="approve", digest=version.digest)

    assert not ReleaseStatement.objects.exists()


def test_an_imported_release_says_that_nobody_approved_it(owner, team):
    version = a_version(owner, team, scanned=False)
    release.release_imported(version_id=version.pk, by=owner)
    signed_releases.sign_waiting()

    predicate = statement_of(version)["predicate"]
    assert predicate["imported"]
    assert predicate["approvers"] == []
    assert verified(envelope_of(version))


def test_a_job_signs_it_after_the_commit(owner, mate, team, django_capture_on_commit_callbacks):
    version = a_version(owner, team)

    with django_capture_on_commit_callbacks(execute=True):
        release.decide(actor=actor(mate), version_id=version.pk, verdict="approve", digest=version.digest)

    assert verified(envelope_of(version))


def changed(envelope, **fields):
    said = json.loads(base64.b64decode(envelope["payload"]))
    return {**envelope, "payload": base64.b64encode(json.dumps(said | fields).encode()).decode()}


ALTERATIONS = {
    "another subject": lambda e: changed(e, subject=[{"name": "x", "digest": {"sha256": "0" * 64}}]),
    "another predicate": lambda e: changed(e, predicate={}),
    "another type of predicate": lambda e: changed(e, predicateType="https://elsewhere.example/v1"),
    "another type of payload": lambda e: {**e, "payloadType": "application/json"},
    "white space in the payload": lambda e: {
        **e,
        "payload": base64.b64encode(base64.b64decode(e["payload"]) + b"\n").decode(),
    },
    "a signature that is cut": lambda e: {
        **e,
        "signatures": [
            {**one, "sig": base64.b64encode(base64.b64decode(one["sig"])[:-1]).decode()}
            for one in e["signatures"]
        ],
    },
    "a signature of another": lambda e: {
        **e,
        "signatures": [{**one, "sig": base64.b64encode(bytes(64)).decode()} for one in e["signatures"]],
    },
    "another key's name": lambda e: {
        **e,
        "signatures": [{**one, "keyid": "0" * 64} for one in e["signatures"]],
    },
    "no signature": lambda e: {**e, "signatures": []},
}


@pytest.mark.parametrize("alter", ALTERATIONS.values(), ids=ALTERATIONS)
def test_what_is_altered_does_not_verify(owner, mate, team, alter):
    version = a_signed_release(owner, mate, team)

    assert not verified(alter(envelope_of(version)))


FORGERIES = {
    "the digest": lambda said: said["subject"][0]["digest"].update(sha256="0" * 64),
    "the tree": lambda said: said["subject"][1]["digest"].update(dirHash="0" * 64),
    "the number": lambda said: said["predicate"].update(version="9.0.0"),
    "the author": lambda said: said["predicate"].update(author="mate"),
    "the responsible": lambda said: said["predicate"].update(responsible="stranger"),
    "the approvers": lambda said: said["predicate"].update(approvers=[{"account": "stranger", "at": ""}]),
    "the files": lambda said: said["predicate"]["files"].append(
        {"path": "x", "sha256": "", "size": 0, "executable": True}
    ),
    "the skill": lambda said: said["predicate"].update(skill="crew/other"),
}


@pytest.mark.parametrize("part", FORGERIES)
def test_the_worker_signs_nothing_that_our_rows_do_not_say(owner, mate, team, part):
    version = an_approved(owner, mate, team)
    statement = ReleaseStatement.objects.get(version=version)
    said = json.loads(statement.payload)
    FORGERIES[part](said)
    tamper(f"update {TABLE} set payload = %s", [json.dumps(said)], table=TABLE)

    assert signed_releases.sign_waiting() == 0

    statement.refresh_from_db()
    assert statement.envelope is None
    assert part in statement.problem


def test_a_statement_never_changes_and_never_goes(owner, mate, team):
    version = an_approved(owner, mate, team)
    rows = ReleaseStatement.objects.filter(version=version)

    for change in (lambda: rows.update(payload="{}"), rows.delete):
        with pytest.raises((IntegrityError, DatabaseError)), transaction.atomic():
            change()


def test_a_removed_release_keeps_its_statement(owner, mate, team):
    version = a_signed_release(owner, mate, team)
    access.remove(actor=actor(a_person("root", staff=True)), version_id=version.pk, reason="malware")

    assert verified(envelope_of(version))
    assert signed_releases.statement_problem(ReleaseStatement.objects.get(version=version)) == ""


def test_earlier_releases_are_signed_from_what_is_known(owner, mate, team):
    first = an_approved(owner, mate, team)
    second = an_approved(owner, mate, team, number="1.1.0")
    tamper(f"delete from {TABLE}", table=TABLE)

    assert signed_releases.prepare_earlier_releases() == 2
    assert signed_releases.sign_waiting() == 2

    assert statement_of(second)["predicate"]["previous"]["version"] == first.number
    assert [one["account"] for one in statement_of(second)["predicate"]["approvers"]] == ["mate"]
    assert signed_releases.prepare_earlier_releases() == 0


def test_the_order_of_a_tree_is_that_of_its_bytes():
    def one(path: str) -> SignedFile:
        return SignedFile(path=path, sha256="0" * 64, size=0, executable=False)

    assert tree_digest([one("Z"), one("a"), one("é")]) == tree_digest([one("é"), one("a"), one("Z")])
