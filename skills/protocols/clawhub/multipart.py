"""Reads a multipart publish with the whole paths of its files, which Django's own parser cuts off."""

import io
import json

from django.http import HttpRequest
from python_multipart import parse_form
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import Field, File

from skills.bundles.limits import BundleLimits
from skills.lib.errors import refuse


def parts_of(request: HttpRequest, limits: BundleLimits) -> tuple[dict[str, object], dict[str, bytes]]:
    """(payload, files by path), within LIMITS."""
    if len(request.body) > limits.unpacked:
        raise refuse("too_large", f"Skill bundle exceeds {limits.unpacked // 1_000_000}MB limit")
    form = _Form(limits.files)
    headers = {
        "Content-Type": request.META.get("CONTENT_TYPE", "").encode(),
        "Content-Length": str(len(request.body)).encode(),
    }
    try:
        parse_form(headers, io.BytesIO(request.body), form.on_field, form.on_file)
    except FormParserError as error:
        raise refuse("bad_parameter", f"The form cannot be read: {error}.") from None
    if not isinstance(form.payload, dict) or not form.files:
        raise refuse("bad_parameter", "The form needs `payload` and at least one of `files`.")
    return form.payload, form.files


class _Form:
    """The parts of a form, as the parser comes to them."""

    def __init__(self, most_files: int) -> None:
        self.most_files = most_files
        self.payload: object = None
        self.files: dict[str, bytes] = {}

    def on_field(self, field: Field) -> None:
        if field.field_name == b"payload":
            self._read_payload(field.value or b"")

    def on_file(self, file: File) -> None:
        file.file_object.seek(0)
        data = file.file_object.read()
        file.close()
        if file.field_name == b"payload":
            self._read_payload(data)
        elif file.field_name == b"files" and file.file_name:
            self._add_file(file.file_name, data)

    def _read_payload(self, data: bytes) -> None:
        try:
            self.payload = json.loads(data)
        except ValueError:
            raise refuse("bad_json", "Invalid JSON") from None

    def _add_file(self, name: bytes, data: bytes) -> None:
        try:
            path = name.decode()
        except UnicodeDecodeError:
            raise refuse("bad_parameter", "A file's path is not UTF-8.") from None
        if path in self.files:
            raise refuse("duplicate_file", "Two files have the same path.")
        if len(self.files) == self.most_files:  # at once: a body has room for far more empty parts
            raise refuse("too_many_files", f"At most {self.most_files} files are accepted.")
        self.files[path] = data
