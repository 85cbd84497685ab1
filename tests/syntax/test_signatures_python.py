"""What is read of Python's definitions; mostly as pydoclint reads them."""

import pytest

from codegen_lsp.syntax.parsing import parse
from codegen_lsp.syntax.signatures.facts import Documentable, Parameter, Raised
from codegen_lsp.syntax.signatures.python import documentables


def found(text: str) -> list[Documentable]:
    tree = parse("python", text)
    assert tree is not None
    return documentables(tree)


def only(text: str) -> Documentable:
    (documentable,) = found(text)
    return documentable


def body_of(*lines: str) -> Documentable:
    return only("\n".join(["def f(x):", *(f"    {line}" for line in lines)]) + "\n")


def raised(*lines: str) -> list[Raised]:
    return list(body_of(*lines).raises)


def types(*lines: str) -> list[str]:
    return [each.type for each in raised(*lines)]


def test_a_function() -> None:
    text = (
        "@trace('f')\n"
        "@app.route\n"
        "async def fetch(url: str, *, timeout: float = 2.5) -> bytes:\n"
        '    """Fetch it."""\n'
        "    return await get(url)\n"
    )
    documentable = only(text)
    docstring = text.index('"""')
    assert documentable == Documentable(
        name="fetch",
        kind="function",
        container="",
        start=0,
        end=len(text) - 1,
        signature="async def fetch(url: str, *, timeout: float = 2.5) -> bytes:",
        body=(docstring, len(text) - 1),
        placement="inside",
        insert_at=text.index(":\n") + 1,
        indent="    ",
        parameters=(
            Parameter("url", "str"),
            Parameter("timeout", "float", "2.5", "keyword-only", is_optional=True),
        ),
        returns="bytes",
        returns_value=True,
        decorators=("trace", "app.route"),
        is_async=True,
        existing=documentable.existing,
    )
    assert documentable.existing is not None
    assert documentable.existing.start == docstring
    assert documentable.existing.text == '"""Fetch it."""'
    assert text[: documentable.existing.end].endswith(documentable.existing.text)


def test_parameters_of_every_kind() -> None:
    documentable = only("def f(a, b=1, /, c: int = 2, *args: str, d, e=(1, 2), **kwargs): pass\n")
    assert documentable.parameters == (
        Parameter("a", kind="positional-only"),
        Parameter("b", default="1", kind="positional-only", is_optional=True),
        Parameter("c", "int", "2", is_optional=True),
        Parameter("args", "str", kind="rest", is_optional=True),
        Parameter("d", kind="keyword-only"),
        Parameter("e", default="(1, 2)", kind="keyword-only", is_optional=True),
        Parameter("kwargs", kind="keyword-rest", is_optional=True),
    )


@pytest.mark.parametrize(
    ("method", "names"),
    [
        ("def m(self, a): pass", ["a"]),
        ("def m(this, /, a): pass", ["a"]),
        ("@classmethod\n    def m(cls, a): pass", ["a"]),
        ("@staticmethod\n    def m(a, b): pass", ["a", "b"]),
        ("def m(*args): pass", ["args"]),
        ("def m(self, _, __, _a): pass", ["_a"]),
        ("if x:\n        def m(self, a): pass", ["a"]),
    ],
)
def test_the_receiver_is_no_parameter(method: str, names: list[str]) -> None:
    (_, documentable) = found(f"class A:\n    {method}\n")
    assert documentable.kind == "method"
    assert documentable.container == "A"
    assert [each.name for each in documentable.parameters] == names


def test_a_signature_of_several_lines_becomes_one() -> None:
    text = (
        "def f(  # of f\n"
        "    a: dict[\n"
        "        str, int\n"
        "    ],  # a, b\n"
        "    b='#',\n"
        ") -> \\\n"
        "        None:\n"
        "    pass\n"
    )
    documentable = only(text)
    assert documentable.signature == "def f(a: dict[str, int], b='#') -> None:"
    assert documentable.parameters[0].type == "dict[str, int]"


def test_type_parameters() -> None:
    (function, klass) = found("def f[T: int, *Ts, **P](x: T): pass\nclass A[T](B[T]): pass\n")
    assert function.type_parameters == ("T", "Ts", "P")
    assert klass.type_parameters == ("T",)
    assert klass.signature == "class A[T](B[T]):"


def test_nested_definitions_know_what_they_stand_in() -> None:
    text = (
        "class A:\n"
        "    class B:\n"
        "        def m(self):\n"
        "            def inner(self): return lambda z: z\n"
        "            return inner\n"
        "try:\n"
        "    def g(): pass\n"
        "except E:\n"
        "    g = None\n"
    )
    seen = [(each.name, each.kind, each.container) for each in found(text)]
    assert seen == [
        ("A", "class", ""),
        ("B", "class", "A"),
        ("m", "method", "B"),
        ("inner", "function", "m"),
        ("g", "function", ""),
    ]
    assert [each.name for each in found(text)[3].parameters] == ["self"]


@pytest.mark.parametrize(
    ("decorator", "name", "kind"),
    [
        ("@property", "p", "property"),
        ("@functools.cached_property", "p", "property"),
        ("@p.setter", "p", "method"),
        ("@cache", "p", "method"),
        ("@decorated", "__init__", "constructor"),
    ],
)
def test_kinds_of_methods(decorator: str, name: str, kind: str) -> None:
    (_, documentable) = found(f"class A:\n    {decorator}\n    def {name}(self): return 1\n")
    assert documentable.kind == kind
    assert documentable.returns_value == (kind != "constructor")


def test_marks_of_decorators_and_names() -> None:
    text = (
        "class A:\n"
        "    @typing.overload\n"
        "    def a(self, x: int) -> int: ...\n"
        "    @override\n"
        "    def _b(self): pass\n"
        "    def __call__(self): pass\n"
    )
    (_, first, second, third) = found(text)
    assert (first.is_overload, first.is_override, first.is_private) == (True, False, False)
    assert (second.is_overload, second.is_override, second.is_private) == (False, True, True)
    assert not third.is_private


def test_attributes_of_a_class() -> None:
    text = (
        "class A:\n"
        "    '''Of A.'''\n"
        "    x: int = 1\n"
        "    y: str\n"
        "    a, (b, *c) = z = 1, (2, 3)\n"
        "    _hidden = 1\n"
        "    __slots__ = ('q',)\n"
        "    x = 2\n"
        "    x.part: int = 4\n"
        "    x += 1\n"
        "    def __init__(self, w): self.w = w\n"
    )
    (documentable, constructor) = found(text)
    assert documentable.attributes == (
        Parameter("x", "int", "1", is_optional=True),
        Parameter("y", "str"),
        Parameter("a", is_optional=True),
        Parameter("b", is_optional=True),
        Parameter("c", is_optional=True),
        Parameter("z", default="1, (2, 3)", is_optional=True),
    )
    assert documentable.parameters == ()
    assert [each.name for each in constructor.parameters] == ["w"]


@pytest.mark.parametrize(
    ("text", "returns_value", "yields"),
    [
        ("def f():\n    return 1", True, False),
        ("def f():\n    if x:\n        return (\n            y)", True, False),
        ("def f():\n    return", False, False),
        ("def f():\n    return None  # nothing", False, False),
        ("def f():\n    g(lambda: (yield 1))\n    def h(): return 1", False, False),
        ("def f():\n    class A:\n        def m(self): return 1", False, False),
        ("def f() -> None:\n    return g()", False, False),
        ("def f() -> 'None': ...", False, False),
        ("def f() -> typing.NoReturn:\n    raise E", False, False),
        ("def f() -> int: ...", True, False),
        ("def f() -> int:\n    raise NotImplementedError", True, False),
        ("def f() -> Iterator[int]: ...", True, False),
        ("def f() -> None | int: ...", True, False),
        ("def f(): ...", False, False),
        ("def f():\n    yield 1", False, True),
        ("def f() -> Iterator[int]:\n    for x in y:\n        yield x", False, True),
        ("def f():\n    yield from x", False, True),
        ("def f():\n    a = b((yield x))\n    return a", True, True),
        ("def f():\n    yield", False, False),
        ("async def f() -> AsyncIterator[int]:\n    raise E\n    yield", False, True),
        ("def f() -> Iterator[None]:\n    yield None", False, False),
        ("def f() -> Generator[None, int, str]:\n    x = yield\n    return x", True, False),
        ("@contextmanager\ndef f() -> Iterator[str]:\n    yield 'a'", False, True),
    ],
)
def test_what_a_call_gives(text: str, returns_value: bool, yields: bool) -> None:
    documentable = found(text + "\n")[0]
    assert (documentable.returns_value, documentable.yields) == (returns_value, yields)


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["raise ValueError"], ["ValueError"]),
        (["raise (ValueError('a')) from e"], ["ValueError"]),
        (["raise errors.NotFound(x)"], ["errors.NotFound"]),
        (["raise self.error.with_traceback(t)"], ["self.error"]),
        (["raise B", "raise A", "raise B(1)"], ["B", "A"]),
        (["raise make(x)"], ["make"]),
        (["raise known[x](y)"], ["known"]),
        (["raise"], []),
        (["assert x"], []),
        (["class C: raise A", "if x: raise B"], ["B"]),
        (["raise NotImplementedError"], ["NotImplementedError"]),
        (["match x:", "    case 1:", "        raise A"], ["A"]),
    ],
)
def test_what_is_raised(lines: list[str], expected: list[str]) -> None:
    text = "\n".join(["def f(x):", *(f"    {line}" for line in lines)])
    assert [each.type for each in found(text)[0].raises] == expected


def test_what_an_inner_function_raises_is_its_own() -> None:
    (outer, inner) = found("def f():\n    def g(): raise A\n    raise B\n")
    assert [each.type for each in outer.raises] == ["B"]
    assert [each.type for each in inner.raises] == ["A"]


@pytest.mark.parametrize(
    ("handler", "expected"),
    [
        (["except A: pass"], []),
        (["except (B, A) as e: log(e)"], []),
        (["except Exception: pass"], []),
        (["except: pass"], []),
        (["except* A: pass"], []),
        (["except B: pass"], ["A"]),
        (["except A: raise"], ["A"]),
        (["except A as e: raise e"], ["A"]),
        (["except A as e:", "    if x: raise e.with_traceback(t)"], ["A"]),
        (["except A as e: raise C(e) from e"], ["C"]),
        (["except A:", "    try: pass", "    except D: raise"], ["D"]),
        (["except B: pass", "except A: pass"], []),
        (["except B: pass", "else: raise A"], ["A"]),
        (["except A: pass", "finally: raise A"], ["A"]),
    ],
)
def test_what_a_handler_keeps_is_not_raised(handler: list[str], expected: list[str]) -> None:
    assert types("try: raise A", *handler) == expected


def test_an_outer_handler_keeps_what_an_inner_one_raises() -> None:
    inner = ["    try: raise A", "    except A: raise B"]
    assert types("try:", *inner, "except Exception: pass") == []
    assert types("try:", *inner, "except A: pass") == ["B"]


def test_an_exit_is_no_exception() -> None:
    assert types("try: raise SystemExit(1)", "except Exception: pass") == ["SystemExit"]
    assert types("try: raise SystemExit(1)", "except BaseException: pass") == []


def test_a_bare_raise_means_what_is_handled() -> None:
    assert types("try: g()", "except (A, b.C):", "    if x: raise") == ["A", "b.C"]
    assert types("try: g()", "except: raise") == []


@pytest.mark.parametrize(
    ("lines", "condition"),
    [
        (["if x < 0: raise A"], "x < 0"),
        (["if (x <", "    0):  # low", "    y = 1", "    raise A"], "x < 0"),
        (["if x: pass", "elif y == 2: raise A"], "y == 2"),
        (["if x: pass", "else: raise A"], "not (x)"),
        (["if x: pass", "elif y: pass", "else: raise A"], "not (x or y)"),
        (["if x:", "    with y:", "        raise A"], "x"),
        (["if x:", "    if y: raise A"], "x and y"),
        (["if x or z:", "    for a in b:", "        if y: raise A"], "(x or z) and y"),
        (["if x: pass", "else:", "    if y: raise A"], "not (x) and y"),
        (["for z in x:", "    if z: raise A"], "z"),
        (["if x:", "    for z in x: raise A"], ""),
        (["if x:", "    if y: return", "    raise A"], ""),
        (["if x:", "    try: g()", "    except B: raise A"], ""),
        (["for z in x: pass", "else: raise A"], ""),
        (["if x: return", "raise A"], ""),
        (["if x: raise A", "g()", "if y and z: raise A", "raise A"], "x or y and z"),
        (["if x if y else z: raise A", "if x: raise A"], "(x if y else z) or x"),
    ],
)
def test_conditions(lines: list[str], condition: str) -> None:
    assert raised(*lines)[-1].condition == condition


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ("'too low'", "too low"),
        ("404, \"a\" 'b'", "ab"),
        ('f"no {x.name!r:>3} in {{y}}" " here"', "no {x.name} in {y} here"),
        (r"'it\'s\n \"q\" \\ \x41'", 'it\'s "q" \\'),
        ("status=1, detail='gone'", "gone"),
        ("command='ls'", ""),
        ("'%s' % x", ""),
        ("x", ""),
    ],
)
def test_messages(arguments: str, message: str) -> None:
    assert raised(f"raise A({arguments})") == [Raised("A", "", message)]


@pytest.mark.parametrize(
    ("statement", "is_docstring"),
    [
        ('"""D."""', True),
        ("r'D.'", True),
        ("u'D.'", True),
        ("'D.' 'E.'", True),
        ("('D.')", True),
        ("# why\n    'D.'", True),
        ("'D.'; x = 1", True),
        ("b'D.'", False),
        ("f'D.'", False),
        ("'D.' f'{x}'", False),
        ("'D.' + x", False),
        ("'D.', 'E.'", False),
        ("x = 'D.'", False),
        ("x\n    'D.'", False),
    ],
)
def test_docstrings(statement: str, is_docstring: bool) -> None:
    existing = only(f"def f():\n    {statement}\n").existing
    assert (existing is not None) == is_docstring
    assert existing is None or existing.text in statement


@pytest.mark.parametrize(
    ("text", "indent", "rest"),
    [
        ("def f():\n  return x\n", "  ", "\n  return x\n"),
        ("def f(): return x\n", "    ", " return x\n"),
        ("def f(a,\n      b): return x; y\n", "    ", " return x; y\n"),
        ("def f(): \\\n  return x\n", "    ", " \\\n  return x\n"),
        ("def f(a, \\\n  b): return x\n", "    ", " return x\n"),
        ("def f(a=lambda: 1) -> x[1:2]:  # why: so\n\n\t# that\n\treturn x\n", "\t", None),
        ("if x:\n\tdef f(): return x\n", "\t\t", " return x\n"),
        ("if x:\n   y\n\n\ndef f(): return x\n", "   ", " return x\n"),
        ("\f\ndef f():\n\f  return x\n", "  ", "\n\f  return x\n"),
        ("def f():\r\n\treturn x\r\n", "\t", "\r\n\treturn x\r\n"),
        ("if x:\r\n  y\r\ndef f(): return x\r\n", "  ", " return x\r\n"),
        ("x = 'é😀'\ndef größe():\n  return x\n", "  ", "\n  return x\n"),
    ],
)
def test_where_a_docstring_goes(text: str, indent: str, rest: str | None) -> None:
    documentable = only(text)
    assert documentable.indent == indent
    assert text[documentable.insert_at - 1] == ":"
    assert rest is None or text[documentable.insert_at :] == rest
    assert documentable.body is not None
    assert text[documentable.body[0] :].startswith("return x")


def test_lone_carriage_returns_end_lines() -> None:
    text = "def f(x):\r  '''One.\r  Two.'''\r  return x\rdef g(): pass\r"
    (first, second) = found(text)
    assert first.existing is not None
    assert first.existing.text == "'''One.\r  Two.'''"
    assert (first.indent, first.problem, first.returns_value) == ("  ", "", True)
    assert text[second.start :] == "def g(): pass\r"


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("def f(x:\n    return 1\ndef g(): pass\n", {"g": ""}),
        ("def f():\n    x = = 1\n\ndef g(): pass\n", {"f": "syntax error in it", "g": ""}),
        (
            "class A:\n    def f(self):\n        x = (1\n    def g(self): pass\n",
            {"A": "syntax error in it"},
        ),
        (
            "def f():\n    def g():\n        return ]\n    def h(): pass\n",
            {"f": "syntax error in it", "g": "syntax error in it", "h": ""},
        ),
        ("def f(x):\n\ny = 1\n", {"f": "it has no body"}),
        ("def f(x):\n    # later\n", {"f": "it has no body"}),
        ("def f(a, (b, c)): pass\n", {"f": "a parameter without a name"}),
        ("def f():\n    x = 1\n    $$ y $$\ndef g(): pass\n", {"g": ""}),
        ("$$\ndef f(): pass\n$$\n", {"f": ""}),
        (
            "class A:\n    def f(self):\n        x = 1\n   :    y\n        g()\ndef g(): pass\n",
            {"A": "syntax error in it", "f": "syntax error in it", "g": ""},
        ),
        (
            "def f():\n    try: g()\n    except A:\n        x\n)    else:\n        y\n"
            "def g(): pass\n",
            {"f": "syntax error in it"},
        ),
        (
            "class A:\n    def f(self): pass\n(\n    def h(self): pass\n\n\nclass B: pass\n",
            {"f": "", "h": "syntax error around it", "B": ""},
        ),
    ],
)
def test_broken_code_has_a_problem(text: str, problems: dict[str, str]) -> None:
    seen = {each.name: each.problem for each in found(text)}
    assert problems.items() <= seen.items()
    assert all(name in problems or problem for name, problem in seen.items())


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\0",
        "def",
        "def f",
        "def f(",
        "@\ndef f(): pass",
        "class\nclass A",
        "raise\n" * 3 + "def f(): raise ].",
        "try: pass\nexcept as e: raise e\n",
        "".join(f"{' ' * depth}def f():\n" for depth in range(600)),
        "def f():\n    return " + "(" * 2_000 + "yield" + ")" * 2_000 + "\n",
        "x = " + "a + " * 5_000 + "1\n",
    ],
)
def test_no_text_is_too_much(text: str) -> None:
    for documentable in found(text):
        assert 0 <= documentable.start <= documentable.insert_at <= documentable.end <= len(text)
