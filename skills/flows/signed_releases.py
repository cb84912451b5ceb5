"""The signature on a release: approval gathers its facts, the worker looks at them again and signs."""

import hashlib
import json

from django.db import transaction
from django.db.models import QuerySet

from skills.catalog.models import File, State, Version
from skills.evals.pooling import counting_with
from skills.evals.selectors import evaluation_of
from skills.lib.json_values import JsonObject
from skills.reviews.models import Decision, DecisionVerdict
from skills.scans.models import Scan
from skills.signing.envelopes import as_payload
from skills.signing.models import ReleaseStatement
from skills.signing.statements import (
    BATCH,
    Approver,
    EvaluationFact,
    ReleaseFacts,
    ReleaseSigners,
    SignedFile,
    prepare,
    refuse_to_sign,
    sign,
    tree_digest,
)


def prepare_statement(
    version: Version, *, previous: Version | None, imported: bool = False
) -> ReleaseStatement:
    """Write what will be signed, in the transaction that approves VERSION. PREVIOUS is what readers saw."""
    decisions = [] if imported else _approvals(version)
    scan = Scan.objects.filter(version=version).only("rules").first()
    return prepare(
        ReleaseFacts(
            version=version,
            files=_files(version),
            author=version.author.username,
            responsible=version.responsible.username,
            approvers=[Approver(one.reviewer.username, one.created_at) for one in decisions],
            # Of the moment of the decision, which the decision has kept; nobody decided on an import.
            approvals_needed=decisions[-1].approvals_needed if decisions else 0,
            self_approval=decisions[-1].self_approval_allowed if decisions else False,
            imported=imported,
            rules=scan.rules if scan else "",
            evaluation=None if imported else _evaluation(version),
            previous=previous,
        )
    )


def _evaluation(version: Version) -> EvaluationFact | None:
    """What the pooled verdict on VERSION stands on now; nothing where a script answered."""
    newest = evaluation_of(version)
    report = (newest.pooled_report or newest.report) if newest else None
    if newest is None or report is None or newest.is_scripted:
        return None
    return EvaluationFact(
        runs=[run.pk for run in counting_with(newest)],
        verdict=report["state"],
        sha256=_digest_of(report),
    )


def prepare_earlier_releases() -> int:
    """Write statements on what was approved before there were any, from what is known now."""
    rows = Version.objects.filter(approved_at__isnull=False, statement=None).exclude(state=State.REMOVED)
    count = 0
    for version in rows.select_related("skill__team", "author", "responsible").order_by("approved_at"):
        with transaction.atomic():
            before = Version.objects.filter(skill=version.skill, approved_at__lt=version.approved_at)
            previous = before.order_by("-approved_at").first()
            prepare_statement(version, previous=previous, imported=not _approvals(version))
        count += 1
    return count


def sign_waiting() -> int:
    """The task's step: sign every statement that waits, after another look at its facts; returns how many."""
    waiting = ReleaseStatement.objects.filter(envelope__isnull=True, problem="").order_by("pk")
    signed, signers = 0, None
    while batch := list(with_people(waiting)[:BATCH]):
        signers = signers or ReleaseSigners.now()
        for statement in batch:
            if problem := statement_problem(statement):
                refuse_to_sign(statement, problem)
            else:
                sign(statement, signers)
                signed += 1
    return signed


def with_people(statements: QuerySet[ReleaseStatement]) -> QuerySet[ReleaseStatement]:
    """STATEMENTS with what `statement_problem` compares."""
    return statements.select_related("version__skill__team", "version__author", "version__responsible")


def statement_problem(statement: ReleaseStatement) -> str:
    """Why a payload is not what our own rows say of the release; "" where it is.

    The payload was written by the web process. Whoever takes that over could write one, but not decisions of
    other people: the database refuses them.
    """
    version = statement.version
    if not version.was_approved:
        return "the version is not approved"
    said = json.loads(statement.payload)
    zip_subject, tree_subject = said["subject"]
    predicate = said["predicate"]
    pairs: dict[str, tuple[object, object]] = {
        "the skill": (f"{predicate['skill']}@{version.number}", statement.subject),
        "the name": (zip_subject["name"], statement.subject),
        "the digest": (zip_subject["digest"], {"sha256": version.blob}),
        "the number": ([predicate["version"], predicate["attempt"]], [version.number, version.attempt]),
        "the author": (predicate["author"], version.author.username),
        "the responsible": (predicate["responsible"], version.responsible.username),
        "the approvers": (
            [one["account"] for one in predicate["approvers"]],
            [one.reviewer.username for one in _approvals(version)],
        ),
    }
    # The files of a removed version are gone; its digest says enough.
    if version.state != State.REMOVED:
        files = _files(version)
        pairs["the files"] = (predicate["files"], [file.as_json() for file in files])
        pairs["the tree"] = (tree_subject["digest"], {"dirHash": tree_digest(files)})
    wrong = [name for name, (stated, known) in pairs.items() if stated != known]
    return f"{' and '.join(wrong)} in the statement: not as in our rows" if wrong else ""


def _approvals(version: Version) -> list[Decision]:
    rows = Decision.objects.filter(version=version, verdict=DecisionVerdict.APPROVE)
    return list(rows.select_related("reviewer").order_by("pk"))


def _files(version: Version) -> list[SignedFile]:
    rows = File.objects.filter(version=version).values_list("path", "sha256", "size", "executable")
    return [
        SignedFile(path=path, sha256=sha256, size=size, executable=executable)
        for path, sha256, size, executable in sorted(rows, key=lambda row: row[0].encode())
    ]


def _digest_of(report: JsonObject) -> str:
    return hashlib.sha256(as_payload(report).encode()).hexdigest()
