"""What a suggestion is not to begin with."""

from codegen_lsp.completion.extent import Extent
from codegen_lsp.syntax.indentation import last_line
from codegen_lsp.syntax.languages import line_comment


def unwanted_openings(extent: Extent, language: str, prefix: str) -> tuple[str, ...]:
    """Texts that the suggestion must not begin with, white space before them aside.

    On a blank line a further line end helps nobody. A single line should not be spent on a comment
    that announces the code, as small instruction models like to write, unless the last line with
    text above it is a comment too.
    """
    above, _, line = prefix.rpartition("\n")
    if line.strip():
        return ()
    marker = line_comment(language)
    last_above = last_line(above.rstrip()).lstrip()
    if extent != "line" or not marker or last_above.startswith(marker):
        return ("\n",)
    return ("\n", marker)
