"""Tables as CSV that no spreadsheet takes for formulas, streamed."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from django.http import StreamingHttpResponse

from skills.http.header_values import attachment

_LINES = 500  # of one piece: sending each line by itself costs more than making it


class _Line:
    def write(self, line: str) -> str:
        return line


def stream(name: str, head: Sequence[str], rows: Iterable[Sequence[object]]) -> StreamingHttpResponse:
    """The answer that downloads NAME.csv."""
    writer = csv.writer(_Line())

    def pieces() -> Iterator[str]:
        # By itself: a reader sees at once that the download begins.
        yield writer.writerow(head)
        lines = (writer.writerow(["" if cell is None else _inert(str(cell)) for cell in row]) for row in rows)
        while piece := "".join(islice(lines, _LINES)):
            yield piece

    response = StreamingHttpResponse(pieces(), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = attachment(f"{name}.csv")
    return response


def _inert(cell: str) -> str:
    """A cell no spreadsheet takes for a formula; numbers stay numbers."""
    if cell.lstrip("-").isdigit():
        return cell
    # OWASP's list of what begins a formula (CSV injection); a leading apostrophe makes it text.
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell
