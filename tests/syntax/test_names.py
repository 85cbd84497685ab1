"""How the names of a piece of code are used."""

import pytest

from codegen_lsp.syntax.names import Names, names, names_between
from codegen_lsp.syntax.parsing import parse


def read(language: str, text: str) -> Names:
    tree = parse(language, text)
    assert tree is not None
    return names(tree, 0, len(text))


def alone(language: str, text: str) -> list[str]:
    return [each.text for each in read(language, text).used if each.role == "alone"]


def joined(language: str, text: str, role: str = "member") -> list[tuple[str, tuple[str, ...]]]:
    return [(each.text, each.owners) for each in read(language, text).used if each.role == role]


def bound(language: str, text: str) -> set[str]:
    return {name for name, _ in read(language, text).bound}


def test_what_stands_alone() -> None:
    assert alone("python", "print(total + self.shop[size])\n") == ["print", "total", "self", "size"]


def test_names_in_strings_and_comments_are_none() -> None:
    assert alone("python", 'x = "word"  # other\n') == []


def test_names_in_interpolations_are_used() -> None:
    assert alone("python", 'f"{price:>{width}} {unit!r}"\n') == ["price", "width", "unit"]


def test_receivers_are_followed_through_calls_and_await() -> None:
    text = "await (await shop.client(1)).basket().items\n"
    assert joined("python", text) == [
        ("client", ("shop",)),
        ("basket", ("shop", "client()")),
        ("items", ("shop", "client()", "basket()")),
    ]


def test_a_receiver_that_is_no_name() -> None:
    assert joined("python", "rows[0].name\n") == [("name", ("?",))]


def test_arguments_belong_to_what_is_called() -> None:
    assert joined("python", "shop.open(url=1)\n", "argument") == [("url", ("shop", "open"))]


def test_a_member_that_is_given_a_value() -> None:
    assert joined("python", "order.paid = True\n", "given") == [("paid", ("order",))]


def test_imported_names_belong_to_their_module() -> None:
    assert joined("python", "from ..shop import a as b, c\n", "imported") == [
        ("a", ("..shop",)),
        ("c", ("..shop",)),
    ]


@pytest.mark.parametrize(
    ("text", "names_"),
    [
        ("a = b = 1\n", {"a", "b"}),
        ("a, (b, *c) = x\n", {"a", "b", "c"}),
        ("for a, b in x: pass\n", {"a", "b"}),
        ("[a for a in x if (b := a)]\n", {"a", "b"}),
        ("with x as a, y as (b, c): pass\n", {"a", "b", "c"}),
        ("try: pass\nexcept E as a: pass\n", {"a"}),
        ("def a(b, c=1, *d, e: int, f: int = 2, **g): pass\n", {"a", "b", "c", "d", "e", "f", "g"}),
        ("lambda a, b=1: a\n", {"a", "b"}),
        ("class A[T](B): pass\n", {"A", "T"}),
        ("type A[T] = list[T]\n", {"A", "T"}),
        ("import a.b as c, d.e\n", {"c", "d", "e"}),
        ("from a import b, c as d\n", {"b", "d"}),
        ("match x:\n    case [a, *b]: pass\n    case {'k': c, **d}: pass\n", {"a", "b", "c", "d"}),
        ("match x:\n    case Point(x=a) as b: pass\n", {"a", "b"}),
        ("global a\n", {"a"}),
    ],
)
def test_what_python_binds(text: str, names_: set[str]) -> None:
    assert bound("python", text) == names_


@pytest.mark.parametrize(
    ("text", "names_"),
    [
        ("const {a, b: c, ...d} = x", {"a", "c", "d"}),
        ("const [a, [b = 1]] = x", {"a", "b"}),
        ("for (const a of x) {}", {"a"}),
        ("try {} catch (a) {}", {"a"}),
        ("function a(b: number, c?: string, ...d: any[]) {}", {"a", "b", "c", "d"}),
        ("const a = (b, c) => b", {"a", "b", "c"}),
        ("import a, { b, c as d } from 'x'", {"a", "b", "d"}),
        ("import * as a from 'x'", {"a"}),
        ("interface A<T> {}", {"A", "T"}),
        ("type A = { [K in keyof B]: B[K] }", {"A", "K"}),
        ("enum A { B }", {"A"}),
    ],
)
def test_what_typescript_binds(text: str, names_: set[str]) -> None:
    assert {name for name in bound("typescript", text) if name.isidentifier()} == names_


def test_what_javascript_binds() -> None:
    text = "class A { m(b, c = 1) {} }\nfunction* d(e) {}"
    assert {name for name in bound("javascript", text) if name.isidentifier()} >= {*"Abde"}


def test_elements_of_html_are_no_names() -> None:
    text = "const x = <div title={label}><Button/></div>"
    assert alone("javascriptreact", text) == ["label", "Button"]


def test_what_go_binds() -> None:
    text = (
        "package p\nfunc (r *T) f(a int, b ...string) (c error) {\n"
        "\td, e := 1, 2\n\tfor g, h := range d {\n\t}\n\tvar i int\n}\n"
    )
    assert bound("go", text) == {*"rabcdeghi"}


def test_members_of_go_packages() -> None:
    text = "package p\nfunc f(a shop.Order) { shop.Open(url) }\n"
    assert joined("go", text) == [("Order", ("shop",)), ("Open", ("shop",))]


def test_keys_of_go_structs_are_no_names() -> None:
    assert "Key" not in alone("go", "package p\nvar x = Order{Key: value}\n")


def test_taking_everything_is_told() -> None:
    assert read("python", "from a import *\n").is_open
    assert not read("python", "from a import b\n").is_open


def test_a_suggestion_is_read_with_what_follows() -> None:
    found = names_between("python", "call(\n    ", "timeout=limit,", "\n)\n")
    assert [(each.text, each.role) for each in found.used] == [
        ("timeout", "argument"),
        ("limit", "alone"),
    ]


def test_a_suggestion_that_does_not_fit_is_read_alone() -> None:
    found = names_between("python", "x = ", "call(first, key=second", "\n\ndef f():\n    pass\n")
    assert ("key", "argument") in [(each.text, each.role) for each in found.used]


def test_names_are_whole_where_the_suggestion_begins_within_one() -> None:
    found = names_between("python", "sh", "op.open()", "\n")
    assert [each.text for each in found.used] == ["shop", "open"]


def test_names_in_other_scripts_are_left_out() -> None:
    found = names_between("python", "# é\n", "größe = naïve + plain", "\n")
    assert [each.text for each in found.used] == ["plain"]
