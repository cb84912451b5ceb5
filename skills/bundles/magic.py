"""Programs and archives by their first bytes, whatever their name says."""

_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"\x7fELF", "a Linux program (ELF)"),
    (b"MZ", "a Windows program"),
    (b"\xfe\xed\xfa\xce", "a macOS program"),
    (b"\xfe\xed\xfa\xcf", "a macOS program"),
    (b"\xce\xfa\xed\xfe", "a macOS program"),
    (b"\xcf\xfa\xed\xfe", "a macOS program"),
    (b"\xca\xfe\xba\xbe", "a Java class or a macOS program"),
    (b"\x00asm", "a WebAssembly program"),
    (b"dex\n", "an Android program"),
    (b"!<arch>\n", "a program library"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ\x00", "an xz archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"Rar!\x1a\x07", "a rar archive"),
    (b"\x28\xb5\x2f\xfd", "a zstd archive"),
    (b"PK\x03\x04", "a zip archive"),
    (b"PK\x05\x06", "a zip archive"),
)
_OFFICE = (".docx", ".xlsx", ".pptx", ".odt", ".ods", ".odp", ".epub")
_PROGRAM_NAMES = (".pyc", ".pyo", ".so", ".dll", ".dylib", ".exe", ".jar", ".class", ".dmg", ".msi")
_TAR_MARK = slice(257, 262)


def refused_kind(path: str, data: bytes) -> str:
    """What DATA is when no skill may hold it; empty when it is fine.

    Office documents are zips: they are kept, unread, under assets/.
    """
    if path.lower().endswith(_PROGRAM_NAMES):
        return "a compiled program by its name"
    if data[_TAR_MARK] == b"ustar":
        return "a tar archive"
    for mark, kind in _MAGIC:
        if data.startswith(mark):
            office = mark.startswith(b"PK") and path.lower().endswith(_OFFICE)
            # Two letters may begin a text; a Windows program has NUL bytes in its header.
            if mark == b"MZ" and _is_text(data):
                continue
            return "" if office and path.startswith("assets/") else kind
    return ""


def _is_text(data: bytes) -> bool:
    return b"\0" not in data[:1024]


def decode(data: bytes) -> str | None:
    """DATA as text where it is UTF-8 without NUL bytes, else None."""
    if b"\0" in data:
        return None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None
