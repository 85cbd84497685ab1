"""Whether a suggestion may begin with a comment."""

from codegen_lsp.syntax.languages import line_comment


def unwanted_comment(language: str, prefix: str) -> str:
    """Marker of the comment that a suggestion of one line is not to begin; "" where it may.

    A comment may follow a comment: on the cursor's line, or on the last line with text above it.
    """
    marker = line_comment(language)
    above, _, line = prefix.rpartition("\n")
    last_above = above.rstrip().rpartition("\n")[2]
    if not marker or marker in line or (not line.strip() and last_above.strip().startswith(marker)):
        return ""
    return marker
