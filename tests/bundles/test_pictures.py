"""Pictures are known by their bytes."""

import pytest

from skills.bundles.pictures import media_type


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"\x89PNG\r\n\x1a\n....", "image/png"),
        (b"\xff\xd8\xff\xe0..", "image/jpeg"),
        (b"GIF89a..", "image/gif"),
        (b"RIFF1234WEBPVP8 ", "image/webp"),
        (b"\0\0\0 ftypavif", "image/avif"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/svg+xml"),
        (b"\xef\xbb\xbf<?xml version='1.0'?>\n<!-- a -->\n<svg>", "image/svg+xml"),
        (b"<!doctype html><svgs>", ""),
        (b"say <svg>", ""),
        (b"RIFF1234WAVE", ""),
        (b"%PDF-1.7", ""),
        (b"", ""),
    ],
)
def test_the_first_bytes_say_what_a_picture_is(data, kind):
    assert media_type(data) == kind
