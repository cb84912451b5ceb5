"""Reads a multipart publish with the whole paths of its files, which Django's own parser cuts off."""

import io
import json
from typing import Any

from django.http import HttpRequest
from python_multipart import parse_form
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import Field, File

from skills.bundles.limits import BundleLimits
from skills.lib.errors import refuse


def parts_of(request: HttpRequest, limits: BundleLimits) -> tuple[dict[str, Any], dict[str, bytes]]:
    """(payload, files by path), within LIMITS."""
    if len(request.body) > limits.unpacked:
        raise refuse("too_large", f"Skill bundle exceeds {limits.unpacked // 1_000_000}MB limit")
    payload: Any = None
    files: dict[str, bytes] = {}

    def on_field(field: Field) -> None:
        nonlocal payload
        if field.field_name == b"payload":
            payload = _json(field.value or b"")

    def on_file(file: File) -> None:
        nonlocal payload
        file.file_object.seek(0)
        data = file.file_object.read()
        file.close()
        if file.field_name == b"payload":
            payload = _json(data)
        elif file.field_name == b"files" and file.file_name:
            _add(files, file.file_name, data, limits.files)

    headers = {
        "Content-Type": request.META.get("CONTENT_TYPE", "").encode(),
        "Content-Length": str(len(request.body)).encode(),
    }
    try:
        parse_form(headers, io.BytesIO(request.body), on_field, on_file)
    except FormParserError as error:
        raise refuse("bad_parameter", f"The form cannot be read: {error}.") from None
    if not isinstance(payload, dict) or not files:
        raise refuse("bad_parameter", "The form needs `payload` and at least one of `files`.")
    return payload, files


def _json(data: bytes) -> Any:
    try:
        return json.loads(data)
    except ValueError:
        raise refuse("bad_json", "Invalid JSON") from None


def _add(files: dict[str, bytes], name: bytes, data: bytes, most: int) -> None:
    try:
        path = name.decode()
    except UnicodeDecodeError:
        raise refuse("bad_parameter", "A file's path is not UTF-8.") from None
    if path in files:
        raise refuse("duplicate_file", "Two files have the same path.")
    if len(files) == most:  # refused while it is read: a body has room for far more empty parts
        raise refuse("too_many_files", f"At most {most} files are accepted.")
    files[path] = data
