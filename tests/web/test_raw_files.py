"""The tab of a review with the raw files: whole, or with a word on what is not shown."""

import pytest

from tests.factories import a_version, files
from tests.pages import words_of

MOST = 5_000  # lines of one file on the tab


@pytest.mark.parametrize(
    ("lines", "left_out"),
    [
        (MOST, []),
        (MOST + 1, ["1 more line of this file: fetch the version and read them before you decide."]),
    ],
)
def test_a_long_file_says_how_much_is_not_shown(client, owner, mate, team, lines, left_out):
    version = a_version(owner, team, content={**files(), "references/long.txt": b"one\n" * lines})
    client.force_login(mate)

    page = client.get(f"/reviews/{version.pk}/?tab=files").content.decode()

    assert words_of(page, ".note.warn p") == left_out
