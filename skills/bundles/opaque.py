"""Files that a reviewer cannot read: programs are refused, archives and documents told.

An archive is kept as it is and never unpacked here; whoever approves it says why that is fine. One that
pretends to be something else is refused: nobody would look for it.
"""

from skills.bundles.magic import archive_kind, has_macros, is_office_document, program_kind
from skills.bundles.text_places import is_medium_by_name, is_text_by_name, text_problem
from skills.lib.errors import Problem, ProblemSeverity

_ASSETS = "assets/"


def opaque_file(path: str, data: bytes) -> Problem | None:
    """What is to be said of a file that is not text, None where nothing is."""
    if kind := program_kind(path, data):
        text = f"{path} is {kind}; skills hold text, scripts and plain assets."
        remedy = "Leave it out, and say in SKILL.md where to get it or how to build it."
        return Problem("refused_kind", text, remedy, file=path)
    if is_office_document(path, data):
        return _office_document(path, data)
    if kind := archive_kind(data):
        if is_text_by_name(path, data) or is_medium_by_name(path):
            text = f"{path} is {kind} under another name."
            return Problem("refused_kind", text, "Give it the suffix of what it is.", file=path)
        text = f"{path} is {kind}: nobody here looks into it."
        return _warning("archive_inside", text, "Put the files themselves into the bundle.", path)
    return text_problem(path, data)


def _office_document(path: str, data: bytes) -> Problem | None:
    if has_macros(data):
        text = f"{path} is an office document with macros, programs that nobody here looks into."
        return _warning("office_macros", text, "Save it without macros.", path)
    if path.startswith(_ASSETS):
        return None
    text = f"{path} is an office document: nobody here looks into it."
    return _warning("office_document", text, "Templates are expected under assets/.", path)


def _warning(code: str, text: str, remedy: str, path: str) -> Problem:
    return Problem(code, text, remedy, file=path, severity=ProblemSeverity.WARNING)
