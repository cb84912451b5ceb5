"""A form of files: whole paths are kept, and what cannot be read is refused before it costs anything."""

import json

import pytest
from django.test import RequestFactory

from skills.bundles.limits import BundleLimits
from skills.lib.errors import Refused
from skills.protocols.clawhub.multipart import parts_of

MARK = "xxBOUNDARYxx"
PAYLOAD = ("payload", None, json.dumps({"slug": "a"}).encode())


def parsed(*parts, limits=None, content_type=f"multipart/form-data; boundary={MARK}", end=f"--{MARK}--\r\n"):
    body = b""
    for name, path, data in parts:
        file = f'; filename="{path}"' if path is not None else ""
        head = f'--{MARK}\r\nContent-Disposition: form-data; name="{name}"{file}\r\n\r\n'
        body += head.encode("utf-8", "surrogateescape") + data + b"\r\n"
    request = RequestFactory().post("/", body + end.encode(), content_type=content_type)
    return parts_of(request, limits or BundleLimits())


def code_of(*parts, **more):
    with pytest.raises(Refused) as caught:
        parsed(*parts, **more)
    return caught.value.problems[0].code


def test_folders_in_a_path_are_kept():
    payload, files = parsed(PAYLOAD, ("files", "scripts/deep/go.sh", b"x"), ("files", "SKILL.md", b"y"))

    assert payload == {"slug": "a"}
    assert files == {"scripts/deep/go.sh": b"x", "SKILL.md": b"y"}


def test_a_payload_may_be_sent_as_a_file():
    payload, _ = parsed(("payload", "payload.json", b'{"slug": "b"}'), ("files", "SKILL.md", b"y"))

    assert payload == {"slug": "b"}


def test_other_parts_are_passed_over():
    _, files = parsed(PAYLOAD, ("other", None, b"z"), ("else", "x.md", b"z"), ("files", "SKILL.md", b"y"))

    assert files == {"SKILL.md": b"y"}


def test_bytes_are_those_that_were_sent():
    data = bytes(range(256)) + b"\r\n--" + b"\r\n\r\n"

    assert parsed(PAYLOAD, ("files", "a.bin", data))[1] == {"a.bin": data}


def test_an_empty_file_is_a_file():
    assert parsed(PAYLOAD, ("files", "empty", b""))[1] == {"empty": b""}


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        ([], "bad_parameter"),
        ([PAYLOAD], "bad_parameter"),
        ([("files", "SKILL.md", b"y")], "bad_parameter"),
        ([("payload", None, b"{"), ("files", "SKILL.md", b"y")], "bad_json"),
        ([("payload", None, b"[1]"), ("files", "SKILL.md", b"y")], "bad_parameter"),
        ([("payload", None, b"\xff"), ("files", "SKILL.md", b"y")], "bad_json"),
        ([PAYLOAD, ("files", "a", b"1"), ("files", "a", b"2")], "duplicate_file"),
        ([PAYLOAD, ("files", "\udcff.md", b"1")], "bad_parameter"),
    ],
)
def test_a_form_that_cannot_be_is_refused(parts, code):
    assert code_of(*parts) == code


def test_a_form_without_a_boundary_is_refused():
    assert code_of(PAYLOAD, content_type="multipart/form-data") == "bad_parameter"


def test_a_body_at_the_limit_is_read_and_one_byte_more_is_not():
    parts = (PAYLOAD, ("files", "SKILL.md", b"y"))
    size = 0
    for limit in range(100, 2_000):
        try:
            parsed(*parts, limits=BundleLimits(unpacked=limit))
        except Refused:
            continue
        size = limit
        break

    assert size > 0
    assert code_of(*parts, limits=BundleLimits(unpacked=size - 1)) == "too_large"


def test_as_many_files_as_a_bundle_may_have_are_read_and_not_one_more():
    several = [("files", f"{number}.md", b"") for number in range(3)]

    assert len(parsed(PAYLOAD, *several, limits=BundleLimits(files=3))[1]) == 3
    assert code_of(PAYLOAD, *several, limits=BundleLimits(files=2)) == "too_many_files"
