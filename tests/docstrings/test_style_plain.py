"""The plain style."""

from codegen_lsp.docstrings.styles.plain import STYLE
from tests.docstrings.python_styles import LAYOUT, READ, READER, rendered


def test_only_the_summary_is_written() -> None:
    assert rendered(STYLE, READ, READER) == '    """Read the lines of a file."""'
    assert STYLE.render_section("returns", READ.sections["returns"], READER, LAYOUT) == []
    assert STYLE.demands == ()


def test_only_the_summary_is_read() -> None:
    read = STYLE.parse('"""Do\n    it.\n\n    Args:\n        x: It.\n    """')
    assert (read.summary, read.sections) == ("Do it.", ())
