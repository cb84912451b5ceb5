"""Migrations that have landed stay as they are: somebody's database was made by them."""

import hashlib
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[2] / "skills" / "migrations"
LANDED = FOLDER / "landed.sha256"


def landed() -> dict[str, str]:
    """Names of files and their sha256, as `sha256sum` writes them."""
    pairs = (line.split("  ", 1) for line in LANDED.read_text(encoding="utf-8").splitlines())
    return {name: digest for digest, name in pairs}


def test_a_landed_migration_is_never_changed():
    changed = [
        name
        for name, digest in landed().items()
        if not (FOLDER / name).exists() or hashlib.sha256((FOLDER / name).read_bytes()).hexdigest() != digest
    ]

    assert changed == [], (
        f"{', '.join(changed)} has landed and was changed or removed since. Databases exist that were made by"
        " it and would never get the change: bring the file back as it was and write a new migration."
    )


def test_each_migration_is_frozen():
    new = sorted({path.name for path in FOLDER.glob("0*.py")} - set(landed()))

    assert new == [], (
        f"{', '.join(new)} is not frozen yet. When it is as it shall land, run `make freeze`, which adds its"
        " hash to skills/migrations/landed.sha256; afterwards it is never changed."
    )
