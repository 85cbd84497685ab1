"""A block ends where its scope does; `¦` is the cursor."""

import pytest

from codegen_lsp.completion.extent import Extent
from codegen_lsp.completion.filters.candidate import Candidate
from codegen_lsp.completion.filters.leaves_block import leaves_block
from codegen_lsp.completion.reasons import Reason


def judge(language: str, document: str, text: str, extent: Extent = "block") -> str | Reason:
    prefix, _, suffix = document.partition("¦")
    return leaves_block(Candidate(language, prefix, text, suffix, extent))


@pytest.mark.parametrize(
    ("language", "document", "text", "kept"),
    [
        ("python", "def f(a):\n    ¦\n", "return a\n\ndef g():\n    pass", "return a"),
        ("python", "def f(a):¦\n", "\n    return a\n\nprint(f(1))", "\n    return a"),
        (
            "python",
            "class A:\n    def f(self):\n        ¦\n",
            "return 1\n\n    # the other\n    def g(self):\n        return 2",
            "return 1",
        ),
        ("python", "def f(a):\n    ¦\n", 'return a\n\nif __name__ == "__main__":', "return a"),
        ("javascript", "function f() {\n  ¦\n", "g();\n}\n\nf();", "g();\n}"),
        ("typescript", "class A {\n  f() {\n    ¦\n", "g();\n  }\n\n  h() {", "g();\n  }"),
        ("go", "func f() {\n\t¦\n", "g()\n}\n\nfunc h() {", "g()\n}"),
        ("rust", "fn f() {\n    ¦\n", "g();\n}\n\nfn h() {", "g();\n}"),
        ("ruby", "def f\n  ¦\n", "g\nend\n\ndef h\n  i\nend", "g\nend"),
        ("lua", "function f()\n  ¦\n", "g()\nend\n\n--- More.\nh()", "g()\nend"),
        ("java", "  void f() {\n    ¦\n", "g();\n  }\n\n  void h() {", "g();\n  }"),
        ("yaml", "a:\n  ¦\n", "b: 1\n  c: 2\nd: 3", "b: 1\n  c: 2"),
    ],
)
def test_a_text_is_cut_where_it_leaves_its_scope(
    language: str, document: str, text: str, kept: str
) -> None:
    assert judge(language, document, text) == kept


@pytest.mark.parametrize(
    ("language", "document", "text"),
    [
        ("python", "def f(a):\n    ¦\n", "if a:\n        g()\n    return a"),
        ("python", "def f(a):\n    ¦\n", 'return """\nA\n"""'),
        ("python", "def f(a):\n    ¦\n", "b = g(\n  1,\n)\n    return b"),
        ("python", "def f(a):\n    ¦\n", "b = 1\n# note\n    return b"),
        ("python", "¦\n", "def f():\n    pass\n\ndef g():\n    pass"),
        ("javascript", "function f() {\n  ¦\n", "const s = `\na\n`;\n  g(s);"),
        ("typescript", "if (a) {\n  ¦\n", "f();\n} else {\n  g();\n}"),
        ("c", "int f(void) {\n  ¦\n", "g();\n#ifdef A\n  h();\n#endif\n  return 0;"),
        ("c", "int f(void) {\n  ¦\n", "g();\nout:\n  return 0;"),
        ("cpp", "class A {\n  ¦\n", "int a;\npublic:\n  int b;"),
        ("ruby", "if a\n  ¦\n", "b\nelse\n  c\nend"),
        ("shellscript", "f() {\n  ¦\n", "cat <<EOT\na\nEOT\n  g"),
        ("go", "switch a {\ncase 1:\n\t¦\n", "f()\ncase 2:\n\tg()"),
        ("java", "/**\n   ¦\n*/\nclass A {}\n", "* A.\n * B."),
    ],
)
def test_what_stays_inside_is_kept(language: str, document: str, text: str) -> None:
    assert judge(language, document, text) == text


def test_a_line_may_leave_what_it_stands_in() -> None:
    text = "\nelse:\n    b()"
    assert judge("python", "if a:\n    return 1¦\n", text, "line") == text


def test_a_text_that_begins_outside_is_refused() -> None:
    text = "\n\ndef g():\n    pass"
    assert judge("python", "def f():\n    a = 1¦\n", text) is Reason.LEAVES_BLOCK
