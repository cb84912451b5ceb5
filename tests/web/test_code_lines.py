"""The lines of a file page: coloured by a child, plain where that does not work out."""

from unittest.mock import patch

from skills.lib.limited import Limits
from skills.web import code_lines as module
from skills.web.code_lines import code_lines


def test_lines_of_a_known_language_have_its_colours():
    lines = code_lines("import os\nprint(os)", "scripts/a.py", "0" * 64)

    assert len(lines) == 2
    assert '<span class="hl-kn">import</span>' in lines[0]


def test_lines_whose_colours_take_too_long_are_plain_and_escaped():
    with patch.object(module, "_LIMITS", Limits(processor_seconds=2, seconds=0.000_001)):
        lines = code_lines("<b>\nimport os", "scripts/a.py", "1" * 64)

    assert lines == ["&lt;b&gt;", "import os"]
