import pytest

from codegen_lsp.docstrings.content import Content, Entry, Layout, SectionKind, StyleName
from codegen_lsp.docstrings.drafts import Draft
from codegen_lsp.docstrings.mending import mend
from codegen_lsp.docstrings.registry import STYLES
from codegen_lsp.syntax.parsing import parse
from codegen_lsp.syntax.signatures import documentables


def _mended(
    code: str,
    style: StyleName = "google",
    language: str = "python",
    width: int = 88,
    ending: str = "\n",
) -> str:
    """The docstring of the last definition of `code`, mended with sentences like "New x."."""
    tree = parse(language, code)
    assert tree is not None
    documentable = documentables(tree)[-1]
    assert documentable.existing is not None
    layout = Layout(documentable.indent, width)
    chosen = STYLES[style]
    draft = Draft(documentable.existing.text, documentable, chosen, layout, ending)
    sections: dict[SectionKind, tuple[Entry, ...]] = {}
    for kind, name in draft.difference.missing:
        entry = Entry(name, f"New {name or kind}.")
        sections[kind] = (*sections.get(kind, ()), entry)
    text = mend(draft, Content("", sections))
    assert not Draft(text, documentable, chosen, layout, ending).difference
    return text


GOOGLE = '''def f(path, limit, mode):
    """Read `path`;  odd   spacing.

      An indented line, with "quotes" and \\t.

    Args:
        path (str): The path,
          oddly continued.
        size: Gone.
            With more.
        mode: The mode.

    Example:
        >>> f(1)
    """
'''


def test_the_rest_stays_byte_for_byte() -> None:
    before = GOOGLE[GOOGLE.index('"""') : GOOGLE.rindex('"""') + 3]
    gone = "        size: Gone.\n            With more.\n"
    assert _mended(GOOGLE) == before.replace(gone, "        limit: New limit.\n")


def test_a_line_becomes_several() -> None:
    code = 'def f(x):\n    """Do it."""\n    return x\n'
    after = (
        '"""Do it.\n\n    Args:\n        x: New x.\n\n    Returns:\n        New returns.\n    """'
    )
    assert _mended(code) == after


@pytest.mark.parametrize("before", ["'Do \"it\".'", "'''Do \"it\".'''", 'u"""Do "it"."""'])
def test_a_line_in_other_quotes_becomes_several(before: str) -> None:
    after = _mended(f"def f(x):\n    {before}\n")
    prefix, quotes = before[: before.index("D")], '"""' if before[1] == "D" else before[-3:]
    opening = prefix if len(prefix) > 1 else '"""'
    assert after == f'{opening}Do "it".\n\n    Args:\n        x: New x.\n    {quotes}'


def test_a_section_that_is_empty_goes_with_its_blank_line() -> None:
    code = (
        'def f(x):\n    """Do it.\n\n    Args:\n        x: The x.\n\n'
        '    Returns:\n        Nothing that is there: gone.\n    """\n'
    ).replace("Nothing that is there: gone", "Something")
    assert _mended(code) == '"""Do it.\n\n    Args:\n        x: The x.\n    """'


def test_what_has_come_down_to_one_line_stands_on_one() -> None:
    code = 'def f():\n    """Do it.\n\n    Args:\n        x: The x.\n    """\n'
    assert _mended(code) == '"""Do it."""'
    assert _mended(code, width=14) == '"""Do it.\n    """'


def test_sections_come_in_the_order_of_the_style() -> None:
    code = (
        'def f(x):\n    """Do it.\n\n    Raises:\n        ValueError: If so.\n    """\n'
        "    raise ValueError\n"
    )
    assert _mended(code) == (
        '"""Do it.\n\n    Args:\n        x: New x.\n\n'
        '    Raises:\n        ValueError: If so.\n    """'
    )


def test_entries_move_with_their_lines() -> None:
    code = (
        'def f(a, b, c):\n    """Do it.\n\n    Args:\n        c: The c.\n            More of c.\n'
        '        a: The a.\n    """\n'
    )
    assert _mended(code) == (
        '"""Do it.\n\n    Args:\n        a: The a.\n        b: New b.\n        c: The c.\n'
        '            More of c.\n    """'
    )


def test_one_of_two_names_goes_from_their_entry() -> None:
    code = (
        'def f(x, z):\n    """Do it.\n\n    Parameters\n    ----------\n    x, y : int\n'
        '        Both.\n    """\n'
    )
    assert _mended(code, "numpy") == (
        '"""Do it.\n\n    Parameters\n    ----------\n    x : int\n        Both.\n    z\n'
        '        New z.\n    """'
    )


def test_what_is_documented_twice_keeps_its_first_entry() -> None:
    code = 'def f(x):\n    """Do it.\n\n    :param x: One.\n    :param x: Two.\n    """\n'
    assert _mended(code, "sphinx") == '"""Do it.\n\n    :param x: One.\n    """'


def test_closing_quotes_behind_the_last_entry_stay_where_they_can() -> None:
    code = 'def f(a, b):\n    """Do it.\n\n    Args:\n        {}"""\n'
    assert _mended(code.format("b: The b.")) == (
        '"""Do it.\n\n    Args:\n        a: New a.\n        b: The b."""'
    )
    assert _mended(code.format("a: The a.")) == (
        '"""Do it.\n\n    Args:\n        a: The a.\n        b: New b.\n    """'
    )


def test_new_lines_have_the_line_end_and_the_tabs_of_the_file() -> None:
    code = 'def f(a, b):\r\n\t"""Do it.\r\n\r\n\tArgs:\r\n\t\ta: The a.\r\n\t"""\r\n\treturn a\r\n'
    assert _mended(code, ending="\r\n") == (
        '"""Do it.\r\n\r\n\tArgs:\r\n\t\ta: The a.\r\n\t\tb: New b.\r\n\r\n'
        '\tReturns:\r\n\t\tNew returns.\r\n\t"""'
    )


def test_backslashes_mean_themselves() -> None:
    code = 'def f(x, *rest):\n    """Do it.\n\n    :param x: The x.\n    """\n'
    raw = _mended(code, "sphinx")
    assert raw.startswith('r"""Do it.')
    assert ":param \\*rest: New rest.\n" in raw
    escaped = _mended(code.replace("The x.", "The \\\\x."), "sphinx")
    assert escaped.startswith('"""Do it.')
    assert ":param \\\\*rest: New rest.\n" in escaped
    assert ":param x: The \\\\x.\n" in escaped


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "/** Do it. */",
            "/**\n * Do it.\n *\n * @param a New a.\n * @param b New b.\n */",
        ),
        (
            "/**\n * Do it.\n * @param   a   The a.\n * @see X\n */",
            "/**\n * Do it.\n * @param   a   The a.\n * @param b New b.\n * @see X\n */",
        ),
        (
            "/** Do it.\n  * @param c gone\n  * @param b The b. */",
            "/** Do it.\n  * @param a New a.\n  * @param b The b. */",
        ),
    ],
)
def test_block_comments_are_mended(before: str, after: str) -> None:
    java = f"class A {{\n{before}\nvoid f(int a, int b) {{}}\n}}\n"
    assert _mended(java, "javadoc", "java") == after


def test_doxygen_comments_keep_their_marks() -> None:
    code = "/// \\brief Do it.\n/// \\param a The a.\nvoid f(int a, int b);\n"
    assert _mended(code, "doxygen", "cpp") == (
        "/// \\brief Do it.\n/// \\param a The a.\n/// \\param b New b."
    )


def test_xml_and_rust_get_their_parts() -> None:
    code = "class A {\n  /// <summary>Do it.</summary>\n  int F(int a) { return a; }\n}\n"
    assert _mended(code, "xml", "csharp") == (
        '/// <summary>Do it.</summary>\n  /// <param name="a">New a.</param>\n'
        "  /// <returns>New returns.</returns>"
    )
    rust = "/// Do it.\npub fn f() -> Result<u8, E> { g() }\n"
    assert _mended(rust, "rustdoc", "rust").startswith("/// Do it.\n///\n/// # Errors\n///\n/// ")


@pytest.mark.parametrize("below", ["", "        Those of `g`, and these.\n"])
def test_a_title_without_entries_gets_them(below: str) -> None:
    code = f'def f(x, y):\n    """Do it.\n\n    Args:\n{below}\n    Note:\n        Stay.\n    """\n'
    assert _mended(code) == (
        f'"""Do it.\n\n    Args:\n{below}        x: New x.\n        y: New y.\n\n'
        '    Note:\n        Stay.\n    """'
    )
    numpy = 'def f(x):\n    """Do it.\n\n    Parameters\n    ----------\n    """\n'
    assert _mended(numpy, style="numpy") == numpy[14:-1].replace(
        "-\n", "-\n    x\n        New x.\n"
    )
