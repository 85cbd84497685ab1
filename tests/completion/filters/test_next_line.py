"""No line twice; `|` is the cursor."""

import pytest

from codegen_lsp.completion.filters.candidate import Candidate
from codegen_lsp.completion.filters.next_line import repeats_next_line
from codegen_lsp.completion.reasons import Reason


def judge(language: str, document: str, text: str) -> str | Reason:
    prefix, _, suffix = document.partition("|")
    return repeats_next_line(Candidate(language, prefix, text, suffix, "line"))


@pytest.mark.parametrize(
    ("language", "document", "text"),
    [
        (
            "python",
            "\tself._har|\n\tself._har_dir.mkdir(parents=True, exist_ok=True)\n",
            "_dir.mkdir(parents=True, exist_ok=True)",
        ),
        (
            "python",
            "        or |\n        or isinstance(annotation, str)\n",
            "isinstance(annotation, str)",
        ),
        ("python", "    o|\n\n    or parts.fragment\n", "r parts.fragment"),
        ("python", "\t\tlines.a|\n\t\tlines.append('')  # end\n", "ppend('')  # end"),
        ("typescript", "  const rows|\n  const rows = await load();\n", " = await load();"),
        ("go", "\tdefer f|\n\tdefer file.Close()\n", "ile.Close()"),
        ("rust", "    let count|\n    let count = items.len();\n", " = items.len();"),
        ("java", "    this.na|\n    this.name  =  name;\n", "me = name;"),
        ("c", "\tfree(|\n\tfree(buffer);\n", "buffer);"),
        ("ruby", "  attr_reader|\n  attr_reader :name\n", " :name"),
        ("shellscript", 'export PA|\nexport PATH="$HOME/bin:$PATH"\n', 'TH="$HOME/bin:$PATH"'),
        ("python", "    total = compute(rows)\n    |\n", "total = compute(rows)"),
        ("typescript", "  const user = await load(id);\n  |\n", "const user = await load(id);"),
        ("go", "\tresult := parse(line)|\n", "\n\tresult := parse(line)"),
        (
            "python",
            "with open(|\nwith open(path) as file:\n    return file.read()\n",
            "path) as file:\n    return file.read()",
        ),
    ],
)
def test_a_line_that_stands_next_to_the_cursor_is_not_said_again(
    language: str, document: str, text: str
) -> None:
    assert judge(language, document, text) is Reason.REPEATS_NEXT_LINE


@pytest.mark.parametrize(
    ("language", "document", "text"),
    [
        ("c", "    if (x) {\n        f();\n    |\n    }\n", "}"),
        ("python", "try:\n    f()\nel|\nelse:\n", "se:"),
        ("python", "    pass\n    |\n", "pass"),
        (
            "python",
            "    for x in xs:\n        if x:\n            return False|\n        return False\n",
            "",
        ),
        ("python", "    if a:\n        return compute(a)\n    re|\n", "turn compute(a)"),
        ("python", "    if a:\n        return compute|\n    return compute(a)\n", "(a)"),
        ("python", "rows = [\n    (1, 'first', None),\n    |\n]\n", "(1, 'first', None),"),
        ("c", "\tenc_loop(s, o);\n\tenc_loop(s, o);\n\t|\n", "enc_loop(s, o);"),
        ("c", "\t|\n\tenc_loop(s, o);\n\tenc_loop(s, o);\n", "enc_loop(s, o);"),
        ("typescript", "  a = await load(1);\n  |\n  c = await load(3);\n", "b = await load(2);"),
        ("go", "\treturn nil|\n}\n", ", err"),
        ("typescript", "  expect(name('')).toBe(a);\n  |\n", "expect(name('  ')).toBe(a);"),
        ("python", "    section.style.new_line()\n    |\n", "section.style.new_line()"),
        ("python", "x = compute(|)\n", "rows"),
        ("html", "  <li>item number</li>\n  |\n", "<li>item number</li>"),
        (
            "java",
            "    @Override\n    public void a() {}\n\n    |\n    public void b() {}\n",
            "@Override",
        ),
        ("python", 'name = "שלום|"\n', " עולם"),
        ("python", "|", "x"),
    ],
)
def test_other_lines_stay(language: str, document: str, text: str) -> None:
    assert judge(language, document, text) == text
