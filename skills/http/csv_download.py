"""Answers with a table as CSV while the database still writes it."""

from collections.abc import Iterable

from django.http import StreamingHttpResponse

from skills.http.header_values import attachment


def csv_download(name: str, pieces: Iterable[bytes]) -> StreamingHttpResponse:
    """The answer that downloads NAME.csv."""
    response = StreamingHttpResponse(pieces, content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = attachment(f"{name}.csv")
    return response
