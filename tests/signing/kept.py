"""A release as somebody took it along, and how they verify it."""

import json
from pathlib import Path

from skills.delivery.content import all_files, zip_of
from skills.signing import skillhub_verify, snapshots
from skills.signing.models import SignedDocument
from tests.factories import files
from tests.signing.making import envelope_of

CONTENT = {
    "SKILL.md": files()["SKILL.md"],
    "scripts/a.py": b"print('a')\n",
    "references/b.md": b"# B\n",
}


class Kept:
    """A release as somebody took it along: zip, folder, statement, keys, snapshot."""

    def __init__(self, version, folder: Path) -> None:
        self.version, self.place = version, folder
        self.zip, self.folder = folder / "greet.zip", folder / "greet"
        self.zip.write_bytes(zip_of(version))
        for path, data in all_files(version).items():
            (self.folder / path).parent.mkdir(parents=True, exist_ok=True)
            (self.folder / path).write_bytes(data)
        self.write("statement", envelope_of(version))
        self.refresh()

    def refresh(self) -> None:
        """Take keys and snapshot along again."""
        snapshots.sign_snapshots()
        (self.place / "keys").write_text(SignedDocument.objects.get(name="keys").payload)
        self.write("snapshot", SignedDocument.objects.get(name="public").envelope)

    def write(self, name: str, value: object) -> None:
        (self.place / name).write_text(json.dumps(value))

    def read(self, name: str) -> dict:
        return json.loads((self.place / name).read_text())

    def verify(self, path: Path | None = None, *more: str, without: tuple = ()) -> int:
        given_ = [
            part
            for name in ("statement", "keys", "snapshot")
            if name not in without
            for part in (f"--{name}", str(self.place / name))
        ]
        home = ["--home", str(self.place / "home")]
        return skillhub_verify.main([str(path or self.zip), *given_, *home, *more])
