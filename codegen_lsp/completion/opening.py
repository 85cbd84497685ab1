"""What a suggestion is not to begin with."""

from codegen_lsp.completion.extent import Extent
from codegen_lsp.syntax.languages import line_comment


def unwanted_openings(extent: Extent, language: str, prefix: str) -> tuple[str, ...]:
    """Texts that the suggestion must not begin with, white space before them aside.

    On a blank line a further line end helps nobody. A single line should not be spent on a comment
    that announces the code, as small instruction models like to write, unless it follows a
    comment: on the cursor's line, or on the last line with text above it.
    """
    above, _, line = prefix.rpartition("\n")
    if line.strip():
        commented, line_end = line, ()
    else:
        commented, line_end = above.rstrip().rpartition("\n")[2].lstrip(), ("\n",)
    marker = line_comment(language)
    is_commenting = marker in line or commented.startswith(marker)
    if extent == "block" or not marker or is_commenting:
        return line_end
    return (*line_end, marker)
