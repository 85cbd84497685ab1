"""Tabs among blanks and blanks among tabs; `|` is the cursor."""

import pytest

from codegen_lsp.completion.filters.candidate import Candidate
from codegen_lsp.completion.filters.mixed_indent import with_one_indent
from codegen_lsp.completion.reasons import Reason

PYTHON = "def f(x):\n    if x:\n        return 1\n    return 2\n\n\ndef g(x):\n    |\n"
PYTHON_TABS = "def f(x):\n\tif x:\n\t\treturn 1\n\treturn 2\n\n\ndef g(x):\n\t|\n"
GO = "func f() int {\n\tif a {\n\t\treturn 1\n\t}\n\treturn 2\n}\n\nfunc g() int {\n\t|\n}\n"
TWO = "function f() {\n  if (a) {\n    b();\n  }\n}\n\nfunction g() {\n  |\n}\n"
JAVA = "class A {\n    void f() {\n        g();\n    }\n\n    void h() {\n        |\n    }\n}\n"
GNU = "int\nf (int a)\n{\n  if (a)\n    {\n      g (a);\n      |\n    }\n}\n"


def judge(language: str, document: str, text: str) -> str | Reason:
    prefix, _, suffix = document.partition("|")
    return with_one_indent(Candidate(language, prefix, text, suffix, "block"))


@pytest.mark.parametrize(
    ("language", "document", "text", "mended"),
    [
        (
            "python",
            PYTHON,
            "if x:\n\t\treturn 3\n\treturn 4",
            "if x:\n        return 3\n    return 4",
        ),
        (
            "python",
            PYTHON_TABS,
            "if x:\n        return 3\n    return 4",
            "if x:\n\t\treturn 3\n\treturn 4",
        ),
        (
            "python",
            PYTHON_TABS,
            "if x:\n    return 3\n  return 4",
            "if x:\n\t\treturn 3\n\treturn 4",
        ),
        (
            "go",
            GO,
            "if b {\n        return 3\n    }\n    return 4",
            "if b {\n\t\treturn 3\n\t}\n\treturn 4",
        ),
        ("go", GO, "if b {\n    return 3\n  }", "if b {\n\t\treturn 3\n\t}"),
        ("go", GO, "g()\n    h()", "g()\n\th()"),
        (
            "go",
            GO,
            "switch a {\n    case 1:\n        h()\n    }",
            "switch a {\n\tcase 1:\n\t\th()\n\t}",
        ),
        ("typescript", TWO, "if (c) {\n\t\td();\n\t}", "if (c) {\n    d();\n  }"),
        (
            "javascript",
            TWO,
            "run(() => {\n\t\td();\n\t});\n\te();",
            "run(() => {\n    d();\n  });\n  e();",
        ),
        ("java", JAVA, "for (;;) {\n\t\t\tg();\n\t\t}", "for (;;) {\n            g();\n        }"),
        (
            "rust",
            "fn f() {\n\tg();\n\th();\n\ti();\n\t|\n}\n",
            "match x {\n        A => b(),\n    }",
            "match x {\n\t\tA => b(),\n\t}",
        ),
        (
            "java",
            JAVA,
            "g();\n\t\t/**\n\t\t * Text.\n\t\t */\n\t\th();",
            "g();\n        /**\n         * Text.\n         */\n        h();",
        ),
        (
            "python",
            PYTHON.replace("    |", "|"),
            "\tif x:\n\t\treturn 3",
            "    if x:\n        return 3",
        ),
    ],
)
def test_lines_get_the_indentation_of_the_file(
    language: str, document: str, text: str, mended: str
) -> None:
    assert judge(language, document, text) == mended


@pytest.mark.parametrize(
    ("language", "document", "text"),
    [
        ("python", PYTHON, "if x:\n\t    return 3"),
        ("python", PYTHON, "if x:\n\treturn 3"),
        ("python", PYTHON, "y = 1\n\t\treturn y"),
        ("python", PYTHON, "y = (1,\n\t\t 2)"),
        ("python", PYTHON_TABS, "y = 1\n          return y"),
        ("python", PYTHON_TABS, "y = f(1,\n          2)\n    return y"),
        ("go", GO, "x := f(1,\n          2)"),
        ("go", GO, "if b {\n       return 3\n   }\n      return 4"),
        ("rust", GO.replace("func", "fn").replace(" int", ""), "let a = b\n         .c();"),
        ("typescript", TWO.replace("    ", "\t\t").replace("  ", "\t"), "f(\n   a,\n       b);"),
    ],
)
def test_what_is_unclear_is_refused(language: str, document: str, text: str) -> None:
    assert judge(language, document, text) is Reason.MIXED_INDENT


@pytest.mark.parametrize(
    ("language", "document", "text"),
    [
        ("python", PYTHON, "if x:\n        return 3\n    return 4"),
        ("go", GO, "if b {\n\t\treturn 3\n\t}"),
        ("go", GO, "x := f(1,\n\t       2)"),
        ("c", GNU, 'fprintf (stderr, "%d\\n",\n\t       a);\n      g (a);'),
        ("c", GNU, "if (a)\n\tg (a);"),
        ("java", JAVA.replace("    ", "\t"), "/**\n\t\t * Text.\n\t\t */\n\t\tg();"),
        ("typescript", TWO.replace("  ", "\t"), "/*\n   * Text.\n   */\n\tg();"),
        ("python", PYTHON, 'return """\n\ta\n\t\tb\n"""'),
        ("python", PYTHON_TABS, 'return """\n    a\n  b\n"""'),
        ("javascript", TWO, "return `\n\ta\n`;"),
        ("shellscript", "f() {\n  a\n  b\n  c\n  |\n}\n", "cat <<-EOT\n\ttext\n\tEOT"),
        ("python", "def f():\n    |\n", "if x:\n\t\treturn 3"),
        ("c", "a() {\n\tb;\n    c;\n\td;\n  |\n}\n", "if (x)\n      y;"),
        ("makefile", "all:\n\ta\n\tb\n\tc\n\t|\n", "d\n        e"),
        ("python", PYTHON, "x = '\tשלם'"),
        ("python", PYTHON, "return\t1"),
        ("python", "|", ""),
    ],
)
def test_what_fits_or_is_text_stays(language: str, document: str, text: str) -> None:
    assert judge(language, document, text) == text
