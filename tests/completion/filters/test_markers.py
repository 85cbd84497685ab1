"""Talk, Markdown and sentinels are cut off; `|` is the cursor."""

import pytest

from codegen_lsp.completion.filters.candidate import Candidate
from codegen_lsp.completion.filters.markers import without_markers
from codegen_lsp.completion.reasons import Reason


def judge(language: str, document: str, text: str) -> str | Reason:
    prefix, _, suffix = document.rpartition("|")
    return without_markers(Candidate(language, prefix, text, suffix, "block"))


@pytest.mark.parametrize(
    ("language", "document", "text", "kept"),
    [
        ("python", "def f(x):\n    |\n", "return x<|endoftext|>def g", "return x"),
        ("go", "func f() {\n\t|\n}\n", "return<|fim_middle|>", "return"),
        ("rust", "fn f() {\n    |\n}\n", "g();<fim_suffix>\n}", "g();"),
        ("java", "int a = |;\n", "1 <EOT>", "1"),
        ("yaml", "a: |\n", "1<|file_sep|>b.yaml", "1"),
        ("lua", "local a = |\n", "1<\uff5cfim\u2581end\uff5c>", "1"),
        ("python", "x = |\n", "1\n```\nThis sets x.", "1"),
        ("typescript", "const a = |\n", "1;```", "1;"),
        ("python", "|", "x = f()\n\n# Test the function\nprint(x)", "x = f()"),
        ("javascript", "|", "f();\n\n// Example usage:\nf(1);", "f();"),
        ("rust", "|", "fn f() {}\n\nThis solution works by doing nothing.", "fn f() {}"),
        ("c", "|", "int a;\n// This implementation works by magic\n", "int a;"),
        ("python", "|", "x = 1\nHere is the rest of it:\ny = 2", "x = 1"),
        ("java", "|", "int a;\nExplanation:\nIt is a.", "int a;"),
        ("go", "func f() {\n\t|\n}\n", "g()\n\t// rest of the code\n", "g()"),
        ("ruby", "def f\n  |\nend\n", "g\n  # TODO: implement this method\n", "g"),
        ("typescript", "f(() => {\n  |\n});\n", "g();\n  // ... existing code ...", "g();"),
        ("shellscript", "f() {\n  |\n}\n", "g\n  # Your code here", "g"),
    ],
)
def test_the_text_ends_before_the_marker(
    language: str, document: str, text: str, kept: str
) -> None:
    assert judge(language, document, text) == kept


@pytest.mark.parametrize(
    ("language", "document", "text"),
    [
        ("python", "def f():\n    |\n", "# TODO: implement\n    pass"),
        ("python", "def f():\n    |\n", "# Your code here"),
        ("python", "def f():\n|", "    # your code goes here\n    pass"),
        ("java", "void f() {\n    |\n}\n", "// Add your code here"),
        ("typescript", "function f() {\n  |\n}\n", "// TODO: Implement this function."),
        ("c", "void f(void)\n{\n\t|\n}\n", "/* TODO: implement */"),
        ("go", "func f() {\n\t|\n}\n", "// implementation goes here"),
        ("rust", "fn f() {\n    |\n}\n", "// Write your code here\n    todo!()"),
        ("python", "|", "<|endoftext|>"),
        ("php", "<?php\nfunction f() {\n  |\n}\n", "// Insert your code here"),
        ("python", "|", "Sure, here is how to do it:\nx = 1"),
    ],
)
def test_a_marker_alone_is_silence(language: str, document: str, text: str) -> None:
    assert judge(language, document, text) is Reason.MARKERS


@pytest.mark.parametrize(
    ("language", "document", "text"),
    [
        ("python", 'END = "<|endoftext|>"\nPAD = |\n', '"<|pad|>"'),
        ("python", "def f():\n    |\n", "raise NotImplementedError"),
        ("python", "def f():\n    |\n", "# TODO: handle the empty case\n    pass"),
        ("python", "# TO|\n", "DO: implement this"),
        ("python", "# |\n", "TODO: implement this"),
        ("rust", "fn f() {\n    |\n}\n", "todo!()"),
        (
            "python",
            'def f():\n    """Do it.\n\n    |\n    """\n',
            "Example usage::\n\n        ```\n        f()",
        ),
        (
            "python",
            "def f():\n    |\n",
            '"""Do it.\n\n    Here is the list:\n    """\n    return 1',
        ),
        ("rust", "/// Adds.\n|\nfn f() {}\n", "///\n/// ```\n/// f();\n/// ```"),
        ("lua", "--- Adds.\n|\nlocal a = 1\n", "--- Example usage:\n--- f()"),
        ("shellscript", "#\n|\n", "# sample usage:\n#   run 1\nf() {\n  g\n}"),
        ("shellscript", "cat <<EOT\n|\nEOT\n", "Here is the list:"),
        ("javascript", "const help = `\n|`;\n", "Explanation:\n"),
        ("typescriptreact", "return <p>\n  |\n</p>;\n", "Here are the steps:"),
        ("markdown", "# Title\n\n|", "```python\nx = 1\n```"),
        ("python", 'usage = "clone |"\n', "<repo_name> <filename>"),
        ("python", "prompt = f'''\n|\n'''\n", "### Instruction\n{text}\n"),
        ("cpp", "Foo|;\n", "<EOT> foo"),
        ("fsharp", "let a = |\n", "f <| b |> c"),
        ("java", "// This method|\n", " works by reading the rest of the code"),
        ("html", "<p>|</p>\n", "<s>old</s>"),
        ("python", "x = '|'", "שלום"),
        ("python", "|", ""),
    ],
)
def test_what_belongs_there_stays(language: str, document: str, text: str) -> None:
    assert judge(language, document, text) == text
