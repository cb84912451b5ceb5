"""Files whose names tell that a skill was meant, and that nobody reads as one."""

import re

from skills.bundles.frontmatter import FILE

# Editors and systems that hide suffixes make two of them; other tools have other words for the file.
_NEARLY = re.compile(r"(?i)skills?(\.(md|mdx?|markdown|txt|rtf|docx?))*")
_ARCHIVE = re.compile(r"(?i).+\.(skill|zip|tar|tgz|tar\.(gz|zst))")


def is_nearly_a_skill(path: str) -> bool:
    return bool(reason_to_leave_out(path))


def reason_to_leave_out(path: str) -> str:
    """Why a skill that PATH may be stays out, "" where none seems to be meant."""
    name = path.rpartition("/")[2]
    if _NEARLY.fullmatch(name):
        return f"it is not called {FILE}; rename it if it is a skill"
    if _ARCHIVE.fullmatch(name):
        return "it is an archive of its own; bring it by itself if it holds a skill"
    return ""
