"""The request as WSGI (PEP 3333) describes it, from the scope of ASGI."""

import io
import sys
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote_to_bytes

Scope = Mapping[str, Any]  # its keys are those of the ASGI specification, each with a type of its own
Environ = dict[str, Any]  # likewise: texts, streams and flags side by side

_SAME_FOR_ALL: Environ = {
    "SCRIPT_NAME": "",
    "wsgi.version": (1, 0),
    "wsgi.errors": sys.stderr,
    "wsgi.multithread": True,
    "wsgi.multiprocess": True,
    "wsgi.run_once": False,
}
_WITHOUT_PREFIX = {b"content-type": "CONTENT_TYPE", b"content-length": "CONTENT_LENGTH"}


def under_the_path(scope: Scope, path: str) -> Scope:
    """SCOPE as it would be behind a proxy that takes PATH away: some proxies do, and some do not."""
    if not path or not f"{scope['path']}/".startswith(f"{path}/"):
        return scope
    rest = {"path": scope["path"].removeprefix(path) or "/"}
    # PATH has no letter that would be escaped.
    raw = scope["raw_path"].removeprefix(path.encode()) or b"/"
    return {**scope, **rest, "raw_path": raw}


def environ_of(scope: Scope) -> Environ:
    """The environ of SCOPE, with no body yet."""
    raw_path: bytes = scope["raw_path"]
    environ = {
        **_SAME_FOR_ALL,
        "REQUEST_METHOD": scope["method"],
        # PEP 3333: bytes as they came, each as the character of its number.
        "PATH_INFO": (unquote_to_bytes(raw_path) if b"%" in raw_path else raw_path).decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "SERVER_NAME": scope["server"][0],
        "SERVER_PORT": str(scope["server"][1]),
        "REMOTE_ADDR": scope["client"][0],
        "wsgi.url_scheme": scope["scheme"],
        "wsgi.input": io.BytesIO(),
    }
    for name, value in scope["headers"]:
        # X_Forwarded_For would become the same key as X-Forwarded-For, which our proxies vouch for.
        if b"_" not in name:
            _add_header(environ, name, value.decode("latin-1"))
    return environ


def _add_header(environ: Environ, name: bytes, value: str) -> None:
    key = _WITHOUT_PREFIX.get(name) or "HTTP_" + name.decode().upper().replace("-", "_")
    if key in environ:
        # RFC 9110, section 5.3; cookies have a separator of their own (RFC 9113, section 8.2.3).
        value = f"{environ[key]}{'; ' if name == b'cookie' else ','}{value}"
    environ[key] = value
