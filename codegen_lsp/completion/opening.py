"""What a suggestion is not to begin with."""

from codegen_lsp.completion.extent import Extent
from codegen_lsp.syntax.indentation import last_line
from codegen_lsp.syntax.languages import line_comment


def unwanted_openings(extent: Extent, language: str, prefix: str) -> tuple[str, ...]:
    """Texts that the suggestion must not begin with, white space before them aside.

    On a blank line a further line end helps nobody. A single line should not be spent on a comment
    that announces the code, as small instruction models like to write, unless it follows a
    comment: on the cursor's line, or on the last line with text above it.
    """
    above, _, line = prefix.rpartition("\n")
    is_blank = not line.strip()
    line_end = ("\n",) if is_blank else ()
    marker = line_comment(language)
    commented = last_line(above.rstrip()).lstrip() if is_blank else ""
    if extent == "block" or not marker or marker in line or commented.startswith(marker):
        return line_end
    return (*line_end, marker)
