"""All checks that we make ourselves over one bundle, as the reader's child process runs them."""

from collections.abc import Mapping
from dataclasses import dataclass

from skills.bundles.dependencies import Dependency, read_dependencies
from skills.bundles.frontmatter import FILE
from skills.bundles.links import read_markdown
from skills.bundles.manifest import Manifest
from skills.lib.progress import reading
from skills.scans.checks.contract import CheckFinding
from skills.scans.checks.hidden_text import find_hidden_text
from skills.scans.checks.inventory import Inventory, take_inventory
from skills.scans.checks.manifest import weigh_manifest
from skills.scans.checks.rules import match_rules
from skills.scans.checks.worth_a_look import find_worth_a_look


@dataclass(frozen=True, kw_only=True)
class BundleReading:
    """What was found in a bundle, what it names and asks for, and SKILL.md as HTML that is safe to show."""

    findings: list[CheckFinding]
    inventory: Inventory
    dependencies: list[Dependency]
    rendered: str


def read_bundle(files: Mapping[str, bytes], manifest: Manifest) -> BundleReading:
    """Read FILES (path to bytes); what nobody may publish was refused before (`bundles.validate`)."""
    findings = {
        *match_rules(files),
        *find_hidden_text(files),
        *find_worth_a_look(files, manifest),
        *weigh_manifest(files, manifest),
    }
    inventory = take_inventory(files, manifest)
    reading(FILE)
    return BundleReading(
        findings=sorted(findings),
        inventory=inventory,
        dependencies=read_dependencies(files),
        rendered=read_markdown(files[FILE], FILE, {path: len(data) for path, data in files.items()}),
    )
