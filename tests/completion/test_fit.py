"""Whether a suggested line fits between the lines above and below it."""

import pytest

from codegen_lsp.completion.fit import may_misfit, misfit
from codegen_lsp.completion.reasons import Reason

LOOP = "def f(xs):\n    total = 0\n"
DEEPER = "        total += x\n    return total\n"


@pytest.mark.parametrize(
    ("prefix", "text", "suffix", "stray"),
    [
        (LOOP, "    return total", DEEPER, True),
        (LOOP, "    for x in xs:", DEEPER, False),
        (LOOP + "    ", "for x in xs:", "\n" + DEEPER, False),
        (LOOP + "    ", "x = 1", "\n" + DEEPER, True),
        (LOOP + "    ", "x = 1", "\n\n" + DEEPER, True),
        (LOOP + "    ", "print(", "\n" + DEEPER, False),
        (LOOP + "    ", 'x = """', "\n" + DEEPER, False),
        (LOOP + "    ", "for x in xs:  # all", "\n" + DEEPER, False),
        (LOOP + "    ", "x = 1", "\n    return total\n", False),
        (LOOP + "    ", "x = {'a': 1}", "\n" + DEEPER, True),
        (LOOP + "        ", "x = 1", "\n" + DEEPER, False),
        (LOOP + "    for x in ", "xs", ":\n" + DEEPER, False),
        (LOOP, "    x = 1", "", False),
        ("\tif a:\n\t\tb()\n\t", "else:", "\n\t\tc()\n", False),
        ("\tif a:\n\t\tb()\n\t", "d()", "\n\t\tc()\n", True),
    ],
)
def test_a_deeper_line_below_needs_a_reason(
    prefix: str, text: str, suffix: str, stray: bool
) -> None:
    assert (misfit("python", prefix, text, suffix) is Reason.STRAY_INDENT) is stray
    if stray:
        assert may_misfit("python", prefix, "", suffix)


@pytest.mark.parametrize("language", ["javascript", "go", "lua", "plaintext"])
def test_indentation_means_nothing_elsewhere(language: str) -> None:
    assert misfit(language, "f()\n", "  .g()", "\n      .h();\n") is None
    assert not may_misfit(language, "f()\n", "  .g", "\n      .h();\n")


@pytest.mark.parametrize(
    ("language", "prefix", "text", "suffix", "is_open"),
    [
        ("python", "def f():\n", '    """ Do it.', "    return 1\n", True),
        ("python", "def f():\n    ", '"""Do it.', "\n    return 1\n", True),
        ("python", "def f():\n", '    """Do it."""', "    return 1\n", False),
        ("python", "x = ", "'abc'", "\n", False),
        ("python", "x = ", "'abc' + (", "\n", False),
        ("python", "f(", '"abc', '")\n', False),
        ("python", 'x = "ab', "c", '"\n', False),
        ("javascript", "const x = ", "`a ${b", "\n", False),
        ("javascript", "const x = ", "`a", "\n", True),
        ("go", "x := ", '"a', "\n", True),
        ("rust", "let x = ", '"a', "\n", True),
        ("rust", "fn f() {\n", "'a: loop {", "\n", False),
        ("c", "char *x = ", '"a', "\n", True),
        ("lua", "x = ", "'a'", "\n", False),
        ("zig", "const x = ", '"a', "\n", False),
    ],
)
def test_a_string_begun_is_closed(
    *, language: str, prefix: str, text: str, suffix: str, is_open: bool
) -> None:
    assert (misfit(language, prefix, text, suffix) is Reason.OPEN_STRING) is is_open
    if is_open:
        assert may_misfit(language, prefix, text[:8], suffix)


@pytest.mark.parametrize(
    ("language", "prefix", "text", "suffix", "cuts"),
    [
        ("python", "def f(a):\n", "    return a", "    b = a\n", True),
        ("python", "def f(a):\n    ", "raise E", "\n\n    b = a\n", True),
        ("python", "def f(a):\n    ", "return a", "\nb = a\n", False),
        ("python", "def f(a):\n    if a:\n        ", "return a", "\n    b = a\n", False),
        ("python", "def f(a):\n    ", "return (", "\n    b\n    )\n", False),
        ("python", "def f(a):\n    ", "returned = a", "\n    b = a\n", False),
        ("python", "def f(a):\n    ", "return a", "\n    def g():\n", False),
        ("python", "def f(a):\n    ", "return a", "", False),
        ("javascript", "function f(a) {\n  ", "return a;", "\n  g();\n}\n", True),
        ("javascript", "function f(a) {\n  ", "return a;", "\n}\n", False),
        ("typescript", "  switch (a) {\n  case 1:\n  ", "break;", "\n  case 2:\n", False),
        ("go", "func f() {\n\t", "return 1", "\n\tg()\n}\n", True),
        ("go", "switch x {\ncase 1:\n\t", "return 1", "\ncase 2:\n", False),
        ("c", "int f() {\n    ", "return 1;", "\nend:\n    g();\n", False),
        ("c", "int f() {\n    if (a)\n        ", "return 1;", "\n    g();\n", False),
        ("rust", "fn f() {\n    ", "return 1;", "\n    #[cfg(a)]\n", False),
        ("ruby", "def f\n  ", "return if a", "\n  g\n", False),
        ("lua", "if a then\n", "return 1", "\nelse\n", False),
        ("shellscript", "f() {\n  ", "return 1", "\n  g\n}\n", True),
        ("zig", "fn f() {\n  ", "return 1;", "\n  g();\n", False),
    ],
)
def test_a_jump_does_not_cut_off_the_statement_below(
    *, language: str, prefix: str, text: str, suffix: str, cuts: bool
) -> None:
    assert (misfit(language, prefix, text, suffix) is Reason.CUTS_OFF) is cuts
    if cuts:
        assert may_misfit(language, prefix, text[: len(text) // 2 + 2], suffix)
