"""Whether a suggested line fits between the lines above and below it."""

from codegen_lsp.completion.following import code_lines
from codegen_lsp.completion.reasons import Reason
from codegen_lsp.syntax.blocks import block_style, opened_block
from codegen_lsp.syntax.delimiters import spans, unclosed
from codegen_lsp.syntax.indentation import indent_width, last_line
from codegen_lsp.syntax.parsing import parse, prefix_window

_QUOTES = ('"', "'", "`")


def misfit(language: str, prefix: str, text: str, suffix: str) -> Reason | None:
    """Why `text`, a line or the end of one, cannot stand between `prefix` and `suffix`.

    It may not begin a string, as a docstring, that it leaves open. In an indented language the
    line below may not be deeper unless `text` opens a block there, or a bracket or string is open.
    """
    rest = suffix.partition("\n")[0] if last_line(prefix) else ""
    tree = parse(language, prefix_window(prefix + text + rest))
    if tree is None:
        return None
    left_open = unclosed(spans(tree))
    if text.lstrip().startswith(_QUOTES):
        return Reason.OPEN_STRING if left_open and not left_open[-1].is_bracket else None
    below = _indent_below(language, prefix, suffix)
    if below is None or left_open or below <= indent_width(last_line(prefix + text)):
        return None
    fills = opened_block(language, prefix + text + "\n" + " " * below) is not None
    return None if fills else Reason.STRAY_INDENT


def may_misfit(language: str, prefix: str, text: str, suffix: str) -> bool:
    """Whether a text that begins with `text` could, so that no part of it is certain yet."""
    below = _indent_below(language, prefix, suffix)
    is_deeper = below is not None and below > indent_width(last_line(prefix))
    return is_deeper or text.lstrip().startswith(_QUOTES)


def _indent_below(language: str, prefix: str, suffix: str) -> int | None:
    """Indentation of the next line with text; None where it does not matter."""
    rest, _, below = suffix.partition("\n")
    if block_style(language) != "indent" or (rest.strip() and last_line(prefix)):
        return None
    # With the cursor at the very start of a line, what stands on it counts as the line below.
    following = next(code_lines(suffix if rest.strip() else below), None)
    return None if following is None else following.indent
