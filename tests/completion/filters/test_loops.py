"""What only repeats itself is cut off; `|` is the cursor."""

import pytest

from codegen_lsp.completion.filters.candidate import Candidate
from codegen_lsp.completion.filters.loops import without_loops
from codegen_lsp.completion.reasons import Reason


def judge(language: str, document: str, text: str) -> str | Reason:
    prefix, _, suffix = document.partition("|")
    return without_loops(Candidate(language, prefix, text, suffix, "block"))


@pytest.mark.parametrize(
    ("language", "document", "text", "kept"),
    [
        (
            "python",
            "def load(path):\n    |\n",
            "data = read(path)\n    data = read(path)\n    data = read(path)",
            "data = read(path)",
        ),
        (
            "python",
            "def test_add():\n    |\n",
            "result = add(1, 2)\n    assert result == 3\n    result = add(1, 2)\n"
            "    assert result == 3",
            "result = add(1, 2)\n    assert result == 3",
        ),
        (
            "go",
            "func main() {\n\t|\n}\n",
            "defer file.Close()\n\tif err != nil {\n\t\treturn err\n\t}\n"
            "\tdefer file.Close()\n\tif err != nil {\n\t\treturn err\n\t}\n\tdefer file.Close()",
            "defer file.Close()\n\tif err != nil {\n\t\treturn err\n\t}",
        ),
        (
            "typescript",
            "export function run() {\n  |\n}\n",
            "const rows = await load();\n  render(rows);\n  const rows = await load();\n"
            "  render(rows);\n  const rows = await load();",
            "const rows = await load();\n  render(rows);",
        ),
        (
            "rust",
            "fn walk(&mut self) {\n    |\n}\n",
            "\n    ".join(["self.visit(node);"] * 4),
            "self.visit(node);",
        ),
        (
            "java",
            "void fill() {\n    |\n}\n",
            'map.put("key", value);\n    map.put("key", value);\n    map.put("key", value);',
            'map.put("key", value);',
        ),
        (
            "c",
            "int main(void)\n{\n\t|\n}\n",
            'printf("%d\\n", value);\n\tfree(buffer);\n\tprintf("%d\\n", value);\n\tfree(buffer);',
            'printf("%d\\n", value);\n\tfree(buffer);',
        ),
        (
            "ruby",
            "def call\n  |\nend\n",
            "@items.each(&:save)\n  @items.each(&:save)\n  @items.each(&:save)",
            "@items.each(&:save)",
        ),
        (
            "shellscript",
            "install() {\n  |\n}\n",
            'cp -r "$source" "$target"\n  cp -r "$source" "$target"\n  cp -r "$source" "$target"',
            'cp -r "$source" "$target"',
        ),
        (
            "typescript",
            "const state = {\n  |\n};\n",
            "children: [],\n  content: '',\n  children: [],\n  content: '',\n  children: [],\n"
            "  content: '',\n  }",
            "children: [],\n  content: '',",
        ),
        (
            "python",
            "x = 1\n|",
            "y = compute(x)\n" + "ready = " + "done and " * 12,
            "y = compute(x)",
        ),
    ],
)
def test_a_text_ends_where_it_begins_again(
    language: str, document: str, text: str, kept: str
) -> None:
    assert judge(language, document, text) == kept


@pytest.mark.parametrize(
    ("language", "document", "text"),
    [
        ("python", "result = |", "value and " * 10),
        ("javascript", "const names = [|", '"alpha", "beta", ' * 8),
        (
            "python",
            "def check(self):\n    self.load(name)\n    self.store.write(name)\n    |\n",
            "self.load(name)\n    self.store.write(name)",
        ),
        (
            "go",
            "func f() {\n\tcount := len(items)\n\tlog.Println(count)\n\t|\n}\n",
            "\n\t".join(["count := len(items)", "log.Println(count)"] * 2),
        ),
        (
            "java",
            "void f() {\n    builder.append(name);\n    builder.append(other);|\n}\n",
            "\n    builder.append(name);\n    builder.append(other);",
        ),
    ],
)
def test_nothing_but_a_loop_is_silence(language: str, document: str, text: str) -> None:
    assert judge(language, document, text) is Reason.LOOPS


@pytest.mark.parametrize(
    ("language", "document", "text"),
    [
        ("c", "if (n >= 4) {\n\t|\n}\n", "step(s, o);\n\tstep(s, o);\n\tstep(s, o);\n\tn -= 4;"),
        ("c", "static const int table[] = {\n\t|\n};\n", "255, 255, 255,\n\t255, 255, 255,\n" * 3),
        ("python", "grid = [\n    |\n]\n", "[0, 0, 0],\n    [0, 0, 0],\n    [0, 0, 0],"),
        ("python", "def f():\n    |\n", "next(lines)\n    next(lines)\n    return list(lines)"),
        ("python", "async def f():\n    |\n", "await asyncio.sleep(0)\n    await asyncio.sleep(0)"),
        ("javascript", "{\n  {\n    {\n      |\n", "f();\n    }\n  }\n}"),
        (
            "go",
            "switch k {\n\t|\n}\n",
            "case 1:\n\t\tbreak\n\tcase 2:\n\t\tbreak\n\tcase 3:\n\t\tbreak",
        ),
        (
            "python",
            "step(model)\nstep(model)\nstep(model)\n|",
            "step(model)\nstep(model)\nstep(model)",
        ),
        ("python", "line = |", '"' + "-" * 200 + '"'),
        ("python", "zeros = [|", "0, " * 60),
        ("c", "int a[] = {|", "0x10, " * 30),
        (
            "python",
            "def f():\n    load(name)\n    store(name)\n    |\n",
            "load(other)\n    store(other)",
        ),
        ("rust", "let a = [|];", "None, None, None, None, None, None"),
        ("html", "<ul>\n  |\n</ul>\n", "<li></li>\n  <li></li>\n  <li></li>"),
        ("python", "print('|", "שלום')"),
        ("python", "|", "x"),
        ("python", "|", ""),
        ("python", "def f():\n    |", "\n    ".join(f"field_{n} = {n}" for n in range(200))),
    ],
)
def test_what_repeats_for_a_reason_stays(language: str, document: str, text: str) -> None:
    assert judge(language, document, text) == text
