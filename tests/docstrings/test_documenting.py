import threading
from dataclasses import replace

import pytest

from codegen_lsp.docstrings.content import Content, Entry, SectionKind
from codegen_lsp.docstrings.documenting import Documenter, Outcome
from codegen_lsp.docstrings.placing import applied
from codegen_lsp.docstrings.reading import read
from codegen_lsp.docstrings.reasons import Reason
from codegen_lsp.docstrings.words import Code, Wanted, Words
from codegen_lsp.text import Snapshot


class _Writer:
    """Writes a sentence like "New x." for all that is wanted, and notes what it was asked."""

    def __init__(self, summary: str = "Do it.", text: str = "New {}.") -> None:
        self.asked: list[tuple[Code, Wanted]] = []
        self._summary = summary
        self._text = text

    def __call__(self, code: Code, wanted: Wanted, cancel: threading.Event) -> Words:
        self.asked.append((code, wanted))
        sections: dict[SectionKind, tuple[Entry, ...]] = {}
        for kind, name in wanted.entries:
            entry = Entry(name, self._text.format(name or kind))
            sections[kind] = (*sections.get(kind, ()), entry)
        return Words(Content(self._summary * wanted.summary, sections), ("summary",))


def _document(
    text: str, name: str, *, language: str = "python", writer: _Writer | None = None
) -> Outcome:
    snapshot = Snapshot("file:///a", 0, language, text)
    found = next(each for each in read(language, text).definitions if each.name == name)
    return Documenter(writer or _Writer()).document(snapshot, found, threading.Event())


def _after(text: str, name: str, language: str = "python") -> str:
    outcome = _document(text, name, language=language)
    assert outcome.edit is not None, outcome
    return applied(text, [outcome.edit])


def test_a_missing_docstring_is_written() -> None:
    text = "def f(x, *, y=1):\n    if x:\n        raise ValueError\n    return y\n"
    outcome = _document(text, "f")
    assert outcome.edit is not None
    assert applied(text, [outcome.edit]) == (
        'def f(x, *, y=1):\n    """Do it.\n\n    Args:\n        x: New x.\n        y: New y.\n\n'
        "    Returns:\n        New returns.\n\n    Raises:\n        ValueError: New ValueError.\n"
        '    """\n    if x:\n        raise ValueError\n    return y\n'
    )
    assert (outcome.style, outcome.reason, outcome.replaced) == ("google", None, ("summary",))
    assert outcome.text.startswith('"""Do it.')


def test_the_style_of_the_file_is_followed() -> None:
    text = 'def g(a):\n    """Do.\n\n    :param a: The a.\n    """\n\n\ndef f(x):\n    return x\n'
    assert ":param x: New x.\n    :returns: New returns.\n" in _after(text, "f")


def test_a_docstring_is_mended_in_its_own_style() -> None:
    text = (
        'def g(a):\n    """Do.\n\n    :param a: The a.\n    """\n\n\n'
        'def h(a):\n    """Do.\n\n    :param a: The a.\n    """\n\n\n'
        'def f(x):\n    """Do.\n\n    Args:\n        y: Gone.\n    """\n'
    )
    assert _after(text, "f") == text.replace("        y: Gone.", "        x: New x.")


def test_only_what_is_missing_is_asked_for() -> None:
    writer = _Writer()
    text = 'def f(x, y):\n    """Do it.\n\n    Args:\n        x: The x.\n    """\n'
    _document(text, "f", writer=writer)
    [(_, wanted)] = writer.asked
    assert wanted == Wanted(False, (("parameters", "y"),), wanted.summary_width)


def test_the_writer_reads_the_code_without_its_docstring_and_its_callers() -> None:
    writer = _Writer()
    text = (
        "class A:\r\n\r\n    def f(self, x):\r\n"
        '        """Do it."""\r\n        return x  # why\r\n\r\n\r\nA().f(12)\r\n'
    )
    _document(text, "f", writer=writer)
    [(code, _)] = writer.asked
    assert code.source == "def f(self, x):\n    return x  # why"
    assert code.callers == ("A().f(12)",)
    assert {"A", "f", "x"} <= code.file_names
    assert "why" not in code.file_names


def test_what_is_only_stale_needs_no_writer() -> None:
    writer = _Writer()
    text = 'def f():\n    """Do it.\n\n    Args:\n        x: The x.\n    """\n'
    outcome = _document(text, "f", writer=writer)
    assert outcome.text == '"""Do it."""'
    assert writer.asked == []


def test_an_empty_docstring_is_written_anew() -> None:
    text = 'def f(x):\n    """ """\n'
    assert _after(text, "f") == (
        'def f(x):\n    """Do it.\n\n    Args:\n        x: New x.\n    """\n'
    )


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('def f():\n    """Do it."""\n', Reason.AGREES),
        ("def f(x):\n    return (x\n\ny = 1 +\n", Reason.PROBLEM),
        ("@overload\ndef f(x: int): ...\n", Reason.OVERLOAD),
    ],
)
def test_there_may_be_a_reason_against_it(text: str, reason: Reason) -> None:
    outcome = _document(text, "f")
    assert (outcome.edit, outcome.reason) == (None, reason)
    assert reason.meaning


def test_a_writer_that_says_too_little_is_noticed() -> None:
    text = "def f(x):\n    pass\n"
    assert _document(text, "f", writer=_Writer(summary=" ")).reason is Reason.NO_WORDS
    outcome = _document(text, "f", writer=_Writer(text=""))
    assert (outcome.reason, outcome.detail) == (Reason.NO_WORDS, "x")


def test_a_docstring_that_would_belong_to_another_is_refused() -> None:
    text = "class A { void f(int x) {} }\n"
    outcome = _document(text, "f", language="java")
    assert outcome.edit is None


def test_a_request_may_be_cancelled() -> None:
    snapshot = Snapshot("file:///a", 0, "python", "def f(x):\n    pass\n")
    cancel = threading.Event()
    cancel.set()
    [found] = read("python", snapshot.text).definitions
    outcome = Documenter(_Writer()).document(snapshot, found, cancel)
    assert outcome.reason is Reason.CANCELLED


def test_a_definition_of_another_text_is_refused() -> None:
    snapshot = Snapshot("file:///a", 0, "python", "def f(x):\n    pass\n")
    [found] = read("python", snapshot.text).definitions
    other = replace(found, name="g")
    outcome = Documenter(_Writer()).document(snapshot, other, threading.Event())
    assert outcome.reason is Reason.MISPLACED


@pytest.mark.parametrize(
    ("language", "text", "name"),
    [
        ("javascript", "export const f = (a) => a;\n", "f"),
        ("typescript", "class A {\n  f(a: number): string { return '' }\n}\n", "f"),
        ("go", "package a\n\nfunc F(a int) int { return a }\n", "F"),
        ("rust", "impl A {\n    #[inline]\n    pub fn f(a: u8) -> u8 { a }\n}\n", "f"),
        ("java", "class A {\r\n  @X\r\n  int f(int a) { return a; }\r\n}\r\n", "f"),
        ("c", "int f(int a);\n", "f"),
        ("cpp", "template <class T>\nT f(T a) { return a; }\n", "f"),
        ("csharp", "class A {\n  [X]\n  int F(int a) => a;\n}\n", "F"),
    ],
)
def test_every_language_is_documented_and_then_agrees(language: str, text: str, name: str) -> None:
    after = _after(text, name, language)
    assert len(after) > len(text)
    assert _document(after, name, language=language).reason is Reason.AGREES


@pytest.mark.parametrize(
    ("language", "existing", "written"),
    [
        ("javascript", "/** @param gone It. */", "/** Does it. */"),
        ("c", "/// @param gone It.", "/** @brief Does it. */"),
        ("csharp", '/// <param name="gone">It.</param>', None),
    ],
)
def test_a_docstring_of_which_nothing_would_be_left_is_written_anew(
    language: str, existing: str, written: str | None
) -> None:
    code = "function f() {}" if language == "javascript" else "void f() {}"
    code = (
        f"class A {{\n{existing}\n{code}\n}}\n" if language == "csharp" else f"{existing}\n{code}\n"
    )
    written = written or "/// <summary>\n/// Does it.\n/// </summary>"
    assert _after(code, "f", language) == code.replace(existing, written)
    python = 'def f():\n    """Args:\n        x: Gone.\n    """\n'
    assert _after(python, "f") == 'def f():\n    """Do it."""\n'
