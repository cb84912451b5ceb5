"""Files whose names tell that a skill was meant, and that nobody reads as one."""

from skills.bundles.frontmatter import FILE

_WORDS = frozenset({"skill", "skills"})
# Editors and systems that hide suffixes make two of them; other tools have other words for the file.
_SUFFIXES = frozenset({"md", "mdx", "markdown", "txt", "rtf", "doc", "docx"})
_ARCHIVES = (".skill", ".zip", ".tar", ".tgz", ".tar.gz", ".tar.zst")


def is_nearly_a_skill(path: str) -> bool:
    return bool(reason_to_leave_out(path))


def reason_to_leave_out(path: str) -> str:
    """Why a skill that PATH may be stays out, "" where none seems to be meant."""
    name = path.rpartition("/")[2].lower()
    stem, *suffixes = name.split(".")
    if stem in _WORDS and _SUFFIXES.issuperset(suffixes):
        return f"it is not called {FILE}; rename it if it is a skill"
    # From its second character: a suffix alone is no name.
    if name[1:].endswith(_ARCHIVES):
        return "it is an archive of its own; bring it by itself if it holds a skill"
    return ""
