"""Opening quotes and marks: which definition they are for, and what is to follow them."""

import pytest

from codegen_lsp.docstrings.opening import Opened, opened

CARET = "‸"
BODY = "    return x\n"
F = f"def f(x):\n{BODY}"
JS = "function f(a) {\n  return a;\n}\n"


def open_at(language: str, text: str) -> Opened | None:
    return opened(language, text.replace(CARET, ""), text.index(CARET))


@pytest.mark.parametrize(
    ("language", "text", "closer"),
    [
        ("python", f'def f(x):\n    """‸\n{BODY}', ""),
        ("python", f'def f(x):\n    """‸"""\n{BODY}', '"""'),
        ("python", f"def f(x):\n    r'''‸'''\n{BODY}", "'''"),
        ("python", f'def f(x):  # note\n\n    # more\n    """‸\n{BODY}', ""),
        ("python", 'def f(x) -> int:\n    """‸', ""),
        ("python", f'def f(x) -> int:\n    """‸\n\n\ndef g(x):\n    """Do g."""\n{BODY}', ""),
        (
            "python",
            f'class f:\n    """‸"""\n\n    def g(x):\n        """Do g."""\n    {BODY}',
            '"""',
        ),
        ("python", 'def f(x):\r\n\t"""‸\r\n\treturn x\r\n', ""),
        ("python", f'class A:\n    def f(x):\n        """‸\n    {BODY}', ""),
        ("javascript", f"/**‸\n{JS}", ""),
        ("javascript", f"/** ‸ */\n{JS}", " */"),
        ("javascript", f"/**‸ */\nexport {JS}\n/** Do g. */\nfunction g() {{}}\n", " */"),
        ("typescript", "class A {\n  /**‸ */\n  f(a: number): number { return a; }\n}\n", " */"),
        ("java", "class A {\n    /**‸\n    public int f(int a) { return a; }\n}\n", ""),
        ("c", "/**‸\nint f(int a) { return a; }\n", ""),
        ("rust", "/// ‸\n#[inline]\nfn f(a: i32) -> i32 { a }\n", ""),
        ("csharp", "class A {\n    ///‸\n    int f(int a) { return a; }\n}\n", ""),
    ],
)
def test_documentation_that_has_begun_is_for_the_definition_beside_it(
    language: str, text: str, closer: str
) -> None:
    found = open_at(language, text)
    assert found is not None
    assert (found.documentable.name, found.closer) == ("f", closer)
    assert text.startswith(found.text[: found.documentable.start])


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("python", f'def f(x):\n    """‸ Do.\n{BODY}'),
        ("python", f'def f(x):\n    """‸\n    Do it all.\n    """\n{BODY}'),
        ("python", f'def f(x):\n    """‸\n    """Do."""\n{BODY}'),
        ("python", f'def f(x):\n    y = 1\n    """‸\n{BODY}'),
        ("python", f'def f(x):\n        """‸\n{BODY}'),
        ("python", f'def f(x:\n    """‸\n{BODY}'),
        ("python", f'"""‸\n{F}'),
        ("python", 'x = """‸\n'),
        ("python", f'def f(x):\n    ""‸\n{BODY}'),
        ("javascript", f"/**‸\n * Do.\n */\n{JS}"),
        ("javascript", f"/**‸\n\n{JS}"),
        ("javascript", f"  /**‸\n{JS}"),
        ("javascript", f"/*‸\n{JS}"),
        ("rust", "///‸\n/// Do.\nfn f() {}\n"),
        ("rust", "/// Do.\n///‸\nfn f() {}\n"),
        ("go", "//‸\nfunc F() {}\n"),
        ("ruby", "##‸\ndef f\nend\n"),
        ("plaintext", '"""‸'),
        ("python", "‸"),
    ],
)
def test_nothing_has_begun(language: str, text: str) -> None:
    assert open_at(language, text) is None


@pytest.mark.parametrize(
    ("line", "docstring", "rest"),
    [
        ('"""‸', '"""Do."""', 'Do."""'),
        ("r'''‸", '"""Do."""', "Do.'''"),
        ("'''‸", "\"\"\"Do '''it'''.\"\"\"", None),
        ('r"""‸', 'r"""Do \\n."""', 'Do \\n."""'),
        ('"""‸', 'r"""Do \\n."""', None),
    ],
)
def test_the_rest_of_a_string_ends_as_it_has_begun(
    line: str, docstring: str, rest: str | None
) -> None:
    found = open_at("python", f"def f(x):\n    {line}\n{BODY}")
    assert found is not None
    assert found.rest(docstring) == rest


@pytest.mark.parametrize(("opener", "rest"), [("/**", " Do. */"), ("/** ", "Do. */")])
def test_the_rest_of_a_comment_says_no_space_twice(opener: str, rest: str) -> None:
    found = open_at("javascript", f"{opener}{CARET}\n{JS}")
    assert found is not None
    assert found.rest("/** Do. */") == rest
    assert found.rest("// Do.") is None
