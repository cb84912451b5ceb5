"""Reads a multipart publish with the whole paths of its files, which Django's own parser cuts off."""

import email.policy
import json
from email.parser import BytesParser
from typing import Any

from django.http import HttpRequest

from skills.lib.errors import refuse


def parts_of(request: HttpRequest, most: int) -> tuple[dict[str, Any], dict[str, bytes]]:
    """(payload, files by path); at most MOST bytes altogether."""
    if len(request.body) > most:
        raise refuse("too_large", f"Skill bundle exceeds {most // 1_000_000}MB limit")
    head = f"Content-Type: {request.META.get('CONTENT_TYPE', '')}\r\nMIME-Version: 1.0\r\n\r\n".encode()
    message = BytesParser(policy=email.policy.HTTP).parsebytes(head + request.body)
    payload: Any = None
    files: dict[str, bytes] = {}
    for part in message.iter_parts() if message.is_multipart() else ():
        name, path = part.get_param("name", header="content-disposition"), part.get_filename()
        content = part.get_payload(decode=True)
        data = content if isinstance(content, bytes) else b""
        if name == "payload":
            try:
                payload = json.loads(data)
            except ValueError:
                raise refuse("bad_json", "Invalid JSON") from None
        elif name == "files" and path:
            if path in files:
                raise refuse("duplicate_file", "Two files have the same path.")
            files[path] = data
    if not isinstance(payload, dict) or not files:
        raise refuse("bad_parameter", "The form needs `payload` and at least one of `files`.")
    return payload, files
