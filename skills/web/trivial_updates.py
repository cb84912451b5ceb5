"""Which updates may be approved from the list: those of which the list shows everything there is to see."""

from skills.bundles.frontmatter import FILE
from skills.bundles.manifest import Manifest
from skills.catalog.models import State, Version
from skills.catalog.visibility import is_wider
from skills.evals.standing import EvaluationStanding
from skills.scans.checks.inventory import inventory_changes
from skills.scans.models import ScanState
from skills.web.file_changes import FileChange, changed_files

_MOST_SHOWN = 200  # lines of one update that a list shows, those that did not change among them
_MOST_CHANGED = 10  # lines that a model may read and that changed; more of them is another prompt


def trivial_changes(version: Version, findings: int, standing: EvaluationStanding) -> list[FileChange]:
    """All that VERSION changes, where it needs no review of its own; else nothing.

    It has no FINDINGS, asks for nothing new (tool, host, path, variable, command, reader), and leaves alone
    what agents obey or run: SKILL.md and programs. What it does change is text, and a few lines of it. Its
    evaluations have ended, and none shows that it does worse.
    """
    live = version.skill.shown
    if findings or standing.is_doubtful or live is None or not _asks_for_nothing_new(version, live):
        return []
    changes = changed_files(live, version)
    are_shown = all(_is_shown_and_only_read(change) for change in changes)
    shown = sum(len(change.diff.rows or ()) for change in changes)
    changed = sum(change.diff.added + change.diff.removed for change in changes)
    return changes if are_shown and shown <= _MOST_SHOWN and changed <= _MOST_CHANGED else []


def _is_shown_and_only_read(change: FileChange) -> bool:
    is_text = change.is_shown_whole and not change.diff.is_dump
    return is_text and not change.diff.is_program and change.path != FILE


def _asks_for_nothing_new(version: Version, live: Version) -> bool:
    scan, live_scan = getattr(version, "scan", None), getattr(live, "scan", None)
    if version.state != State.IN_REVIEW or scan is None or live_scan is None:
        return False
    if scan.state != ScanState.DONE or is_wider(version.requested_visibility, version.skill.visibility):
        return False
    tools, live_tools = (Manifest.from_json(row.manifest).allowed_tools for row in (version, live))
    delta = inventory_changes(live_scan.inventory, scan.inventory)
    return tools == live_tools and not any(kind["added"] for kind in delta.values())
