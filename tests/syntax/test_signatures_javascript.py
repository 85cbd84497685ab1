"""What is read of JavaScript's and TypeScript's definitions."""

import pytest

from codegen_lsp.syntax.parsing import parse
from codegen_lsp.syntax.signatures.facts import Documentable, Parameter, Raised
from codegen_lsp.syntax.signatures.javascript import documentables


def read(text: str, language: str = "typescript") -> list[Documentable]:
    tree = parse(language, text)
    assert tree is not None
    return documentables(tree)


def only(text: str, language: str = "typescript") -> Documentable:
    (found,) = read(text, language)
    return found


def names(text: str, language: str = "javascript") -> list[tuple[str, str, str]]:
    return [(each.container, each.name, each.kind) for each in read(text, language)]


def test_everything_that_a_typed_function_says() -> None:
    text = (
        "import x from 'x'\n"
        "/** Doc. */\n"
        "export async function load<T, K extends keyof T>(\n"
        "  this: Café, // receiver\n"
        "  path: string, size = 10, mode?: 'r' | 'w', ...rest: T[]\n"
        "): Promise<T> {\n"
        "  return await read(path)\n"
        "}\n"
    )
    found = only(text)
    assert text[found.start :].startswith("export async")
    assert found.end == len(text) - 1
    assert found.body is not None
    assert text[found.body[0] : found.body[1]] == "{\n  return await read(path)\n}"
    assert found.signature == (
        "export async function load<T, K extends keyof T>( this: Café, path: string, size = 10, "
        "mode?: 'r' | 'w', ...rest: T[] ): Promise<T>"
    )
    assert found.parameters == (
        Parameter("path", "string"),
        Parameter("size", default="10", is_optional=True),
        Parameter("mode", "'r' | 'w'", is_optional=True),
        Parameter("rest", "T[]", kind="rest", is_optional=True),
    )
    assert found.type_parameters == ("T", "K")
    assert (found.returns, found.returns_value, found.is_async) == ("Promise<T>", True, True)
    assert found.existing is not None
    assert found.existing.text == "/** Doc. */"
    assert (found.placement, found.indent, found.problem) == ("above", "", "")


def test_names_of_plain_functions() -> None:
    text = (
        "function a() { function inner() {} }\n"
        "const b = (x) => x\n"
        "export const c = function () {}\n"
        "var two = () => 1, more = () => 2\n"
        "Foo.prototype.d = function () {}\n"
        "res.e =\nres.f = function g() {}\n"
        "exports.h = () => 1\n"
        "module.exports = function () {}\n"
        "call(function () {}, { k() {} })\n"
        "for (let i = () => 1; ;) {}\n"
    )
    assert names(text) == [
        ("", "a", "function"),
        ("a", "inner", "function"),
        ("", "b", "function"),
        ("", "c", "function"),
        ("Foo", "d", "method"),
        ("res", "e", "method"),
        ("", "h", "function"),
        ("", "exports", "function"),
    ]


def test_members_of_classes_and_objects() -> None:
    text = (
        "export default class C {\n"
        "  constructor() {}\n"
        "  get size() { return 1 }\n"
        "  set size(n) {}\n"
        "  static run = () => { }\n"
        "  #hidden() {}\n"
        "  [Symbol.iterator]() {}\n"
        "}\n"
        "const table = {\n"
        "  open() {},\n"
        "  close: () => 1,\n"
        "}\n"
    )
    assert names(text) == [
        ("", "C", "class"),
        ("C", "constructor", "constructor"),
        ("C", "size", "property"),
        ("C", "size", "method"),
        ("C", "run", "method"),
        ("C", "#hidden", "method"),
        ("table", "open", "method"),
        ("table", "close", "method"),
    ]
    private = [each.name for each in read(text) if each.is_private]
    assert private == ["#hidden"]


def test_a_class_has_its_public_fields_and_no_parameters() -> None:
    text = (
        "@Component({ a: 1 })\n@Other\n"
        "export class C<T> {\n"
        "  @Input() name: string = 'x'\n  size?: number\n  private key = 1\n  _own = 2\n"
        "  run = () => 1\n  constructor(a: number) {}\n}\n"
    )
    found = read(text)[0]
    assert found.attributes == (
        Parameter("name", "string", "'x'"),
        Parameter("size", "number", is_optional=True),
    )
    assert (found.parameters, found.type_parameters) == ((), ("T",))
    assert found.decorators == ("Component", "Other")
    assert found.start == 0
    assert found.signature == "export class C<T>"


def test_decorators_of_methods_stand_below_the_documentation() -> None:
    text = "class C {\n  a = 1\n  /** Doc. */\n  @dec({ x: 1 })\n  override run(): void {}\n}\n"
    method = read(text)[1]
    assert method.decorators == ("dec",)
    assert text[method.start :].startswith("@dec")
    assert method.insert_at == text.index("  /** Doc")
    assert method.existing is not None
    assert method.existing.text == "/** Doc. */"
    assert method.signature == "override run(): void"
    assert method.is_override
    fresh = read(text.replace("/** Doc. */\n  ", ""))[1]
    assert fresh.insert_at == text.index("  /** Doc")


def test_overloads_and_their_implementation() -> None:
    text = (
        "function f(a: string): string\nfunction f(a: number): number\n"
        "function f(a: any) { return a }\n"
        "declare function g(a: string): void\n"
    )
    assert [(each.name, each.is_overload) for each in read(text)] == [
        ("f", True),
        ("f", True),
        ("f", False),
        ("g", False),
    ]


def test_an_interface_and_its_methods() -> None:
    text = "interface Box<T> {\n  size: number\n  open(key?: string): T\n  shut(): void\n}\n"
    box, opened, shut = read(text)
    assert (box.kind, box.attributes) == ("interface", (Parameter("size", "number"),))
    assert (opened.container, opened.body, opened.returns_value) == ("Box", None, True)
    assert (shut.returns_value, shut.is_overload) == (False, False)


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ("{ a, b = 2 } = {}", [("options", "{ a, b = 2 }", "{}")]),
        ("{ a }: Props", [("options", "Props", "")]),
        ("{ a }, options", [("param0", "{ a }", ""), ("options", "", "")]),
        ("x, [a, b], { c }", [("x", "", ""), ("param1", "[a, b]", ""), ("param2", "{ c }", "")]),
        ("...{ length }", [("options", "{ length }", "")]),
    ],
)
def test_destructured_parameters(parameters: str, expected: list[tuple[str, str, str]]) -> None:
    found = only(f"function f({parameters}) {{}}\n")
    assert [(each.name, each.type, each.default) for each in found.parameters] == expected


def test_documentation_names_destructured_parameters() -> None:
    comment = (
        "/**\n * @param {{ a: {b: 1} }} props - x.\n * @param {number} props.a\n * @param n\n */"
    )
    found = only(f"{comment}\nfunction F({{ a }}, n) {{}}\n", "javascript")
    assert [each.name for each in found.parameters] == ["props", "n"]
    one_short = only("/** @param props */\nfunction F({ a }, n) {}\n", "javascript")
    assert [each.name for each in one_short.parameters] == ["props", "n"]
    unclear = only(
        "/** @param props\n * @param gone */\nfunction F({ a }, n, m) {}\n", "javascript"
    )
    assert [each.name for each in unclear.parameters] == ["options", "n", "m"]


@pytest.mark.parametrize(
    ("function", "returns_value"),
    [
        ("function f() { return 1 }", True),
        ("function f() { return null }", True),
        ("function f() { return; return undefined; return void 0 }", False),
        ("function f() { list.map(x => { return x }) }", False),
        ("const f = x => x", True),
        ("const f = x => ({})", True),
        ("const f = x => void x", False),
        ("const f = x => { x }", False),
        ("async function f(): Promise<void> { return g() }", False),
        ("function f(x): asserts x is string {}", False),
        ("function f(x): x is string { return true }", True),
        ("function f(): never { throw new E() }", False),
        ("function f(): string { throw new E() }", True),
        ("function* f(): Generator<number> { yield 1 }", False),
    ],
)
def test_whether_a_value_is_returned(function: str, *, returns_value: bool) -> None:
    found = only(function + "\n")
    assert found.returns_value is returns_value
    assert found.yields is ("*" in function)


@pytest.mark.parametrize(
    ("body", "raises"),
    [
        ("throw new TypeError('no ' + x)", [Raised("TypeError")]),
        ("if (!x) throw new TypeError('no')", [Raised("TypeError", "!x", "no")]),
        (
            "if ((a) && (b)) {} else { throw RangeError(`big ${x}`) }",
            [Raised("RangeError", "!((a) && (b))", "big ${x}")],
        ),
        (
            "if (a) {} else if (b /* c */ > 1) throw new errors.Gone(404, 'gone')",
            [Raised("errors.Gone", "b > 1", "gone")],
        ),
        ("const e = new E('a'); throw e", [Raised("E", message="a")]),
        ("if (a) { for (const b of g()) { throw new E() } }", [Raised("E")]),
        ("if (a) { if (b) { return } throw new E() }", [Raised("E")]),
        ("throw new E('a'); throw new E('b')", [Raised("E", message="a")]),
        ("throw makeError(x)", []),
        ("throw 'text'", []),
        ("list.map(() => { throw new E() })", []),
        ("try { throw new E() } catch (e) { log(e) }", []),
        ("try { throw new E() } catch { }", []),
        ("try { throw new E() } finally { }", [Raised("E")]),
        ("try { throw new E() } catch (e) { throw e }", [Raised("E")]),
        ("if (x) { try { g() } catch (e) { throw new E('in') } }", [Raised("E", message="in")]),
        ("switch (x) { default: throw new E() }", [Raised("E")]),
    ],
)
def test_what_is_thrown_and_not_caught(body: str, raises: list[Raised]) -> None:
    assert list(only(f"function f(x) {{ {body} }}\n", "javascript").raises) == raises


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("function f(a) { if ( }\n", "syntax error in it"),
        ("a(); function f() {}\n", "something stands before it on its line"),
        ("/* long\n */ function f() {}\n", "something stands before it on its line"),
        ("/** Doc. */ function f() {}\n", ""),
    ],
)
def test_what_cannot_be_documented(text: str, problem: str) -> None:
    assert only(text, "javascript").problem == problem


def test_a_bad_function_spoils_only_itself_and_what_holds_it() -> None:
    text = "class C {\n  good() {}\n  bad() { let = = 1 }\n}\nfunction other() {}\n"
    assert [(each.name, bool(each.problem)) for each in read(text, "javascript")] == [
        ("C", True),
        ("good", False),
        ("bad", True),
        ("other", False),
    ]


def test_a_comment_on_the_same_line_gives_the_indentation() -> None:
    text = "class C {\r\n\t/** Doc. */ get() {}\r\n\r\n\tüber() {}\r\n}\r\n"
    _, get, other = read(text, "javascript")
    assert (get.indent, get.insert_at) == ("\t", text.index("\t/**"))
    assert (other.name, other.indent) == ("über", "\t")
    assert other.insert_at == text.index("\tüber")
