"""Which names of a suggestion do not exist, in small made-up projects."""

from pathlib import Path

import pytest

from codegen_lsp.context import indexing
from codegen_lsp.context.index import Index
from codegen_lsp.context.unknown_names import UnknownName, unknown_names, workspace_at
from codegen_lsp.syntax.languages import language_of
from codegen_lsp.text import Snapshot
from tests.context.indexed import index_files, readings_in_process, write

SHOP = '''"""The shop."""

from abc import ABC
from dataclasses import dataclass
from enum import Enum
from pydantic import BaseModel

TIMEOUT_S = 5


class Colour(Enum):
    RED = 1
    GREEN = 2


@dataclass
class Order:
    number: int
    colour: Colour = Colour.RED

    def cancel(self, reason: str = "") -> None: ...


class Rush(Order):
    def __init__(self, hours: int) -> None:
        super().__init__(1)
        self.hours = hours


class Customer(BaseModel):
    name: str
    last: Order | None = None


class Basket(ABC):
    @property
    def order(self) -> Order: ...

    def orders(self) -> list[Order]: ...


class Loose:
    def __getattr__(self, name: str) -> int: ...


class Foreign(Unheard):
    pass


def connect(url: str, *, retries: int = 3) -> Basket: ...


def flexible(**options: int) -> None: ...
'''

HEAD = """import asyncio
import shop
from shop import Basket, Customer, Foreign, Loose, Order, Rush, connect, flexible


"""


@pytest.fixture(autouse=True)
def _index_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(indexing, "readings", readings_in_process)
    monkeypatch.setenv("CODEGEN_LSP_CACHE_DIR", str(tmp_path / "cache"))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "project"
    index_files(
        root, {"shop.py": SHOP, "other.py": "def helper_of_all() -> None: ...\nshelf = 1\n"}
    )
    return root


def judge(root: Path, text: str, suggestion: str, name: str = "main.py") -> list[UnknownName]:
    """What is unknown of `suggestion` at the `|` of `text`."""
    offset = text.index("|")
    text = text.replace("|", "", 1)
    snapshot = Snapshot((root / name).as_uri(), 1, language_of(Path(name)), text)
    workspace = workspace_at(snapshot, offset, name, root, Index.open(root))
    assert workspace is not None
    return list(unknown_names(snapshot, offset, suggestion, workspace, longest_s=60))


def in_function(parameters: str, body: str = "") -> str:
    return f"{HEAD}def work({parameters}):\n{body}    |\n"


def certain(name: str, receiver: str = "") -> UnknownName:
    return UnknownName(name, receiver, "certain")


def likely(name: str, receiver: str = "") -> UnknownName:
    return UnknownName(name, receiver, "likely")


@pytest.mark.parametrize(
    ("suggestion", "unknown"),
    [
        ("return undefined_name", certain("undefined_name")),
        ("return shop.disconnect()", certain("disconnect", "shop")),
        ("return order.cancelled", certain("cancelled", "order")),
        ("order.paid = True", likely("paid", "order")),
        ("return Order(amount=1)", certain("amount", "Order")),
        ("return Rush(days=1)", certain("days", "Rush")),
        ("return connect(address=url)", certain("address", "connect")),
        ("order.cancel(why=url)", certain("why", "order.cancel")),
        ("return connect(url).purchase", certain("purchase", "connect()")),
        ("return connect(url).order.total", certain("total", "connect().order")),
        ("return order.colour.blue_one", certain("blue_one", "order.colour")),
        ("return shop.Colour.BLUE", certain("BLUE", "shop.Colour")),
        ("from shop import Invoice", certain("Invoice", "shop")),
        ("return customer.last.total", certain("total", "customer.last")),
        ("return rush.numbers", certain("numbers", "rush")),
        ("return url.frobnicate()", likely("frobnicate", "url")),
        ("return foreign.frobnicate()", likely("frobnicate", "foreign")),
        ("return order.retries", likely("retries", "order")),
        ("return shelf", None),
        ("return bisect.insort", likely("bisect")),
    ],
)
def test_python(root: Path, suggestion: str, unknown: UnknownName | None) -> None:
    parameters = "order: Order, customer: Customer, rush: Rush, foreign: Foreign, url"
    found = judge(root, in_function(parameters), suggestion)
    assert unknown is None or unknown in found


@pytest.mark.parametrize(
    "suggestion",
    [
        "return helper_of_all()",
        "return order.number + order.colour.value",
        "order.cancel(reason=url)",
        "return rush.hours, rush.number, rush.cancel()",
        "return connect(url, retries=1).order.number",
        "return connect(url).orders().count(1)",
        "return customer.model_dump(), customer.last.number",
        "return loose.anything",
        "return foreign.order.value",
        "flexible(anything=1)",
        "return Order(number=1, colour=shop.Colour.GREEN)",
        "return shop.Colour['RED'].name, shop.TIMEOUT_S",
        "from shop import Order as Other, TIMEOUT_S",
        "for index, item in enumerate(url):\n        print(index, item)",
        "fresh = [entry for entry in url if (last_one := entry)]",
        "with open(url) as handle:\n        handle.readlines()",
        "def inner(first, *rest, key=None, **more) -> None:\n        return first, rest, key, more",
        "try:\n        ...\n    except OSError as error:\n        raise ValueError from error",
        "match url:\n        case {'a': found, **others}:\n            return found, others",
        "return lambda left: left",
        "url.extra_of_it = 1\n    print(url.extra_of_it)",
        "import json as codec\n    return codec.dumps(url)",
        "return __name__, order.__class__.__qualname__",
        "# nothing of this exists",
        "text = 'nothing of this exists'",
        "return f'{order.number:>{len(url)}}'",
        "global counter\n    counter = 1",
        "class Inner(Order):\n        extra: int = 1",
        "await asyncio.sleep(1)",
    ],
)
def test_python_that_exists(root: Path, suggestion: str) -> None:
    parameters = "order: Order, customer: Customer, rush: Rush, loose: Loose, foreign: Foreign, url"
    text = in_function(parameters)
    assert judge(root, text.replace("def work", "async def work"), suggestion) == []


def test_what_the_file_holds_anywhere_is_known(root: Path) -> None:
    assert judge(root, in_function("") + "\n\ndef below(): ...\n", "return below()") == []


def test_members_are_looked_for_where_self_is_assigned(root: Path) -> None:
    text = (
        HEAD
        + "class Desk:\n    def __init__(self, basket: Basket):\n        self.basket = basket\n\n"
        "    def work(self):\n        |\n"
    )
    assert judge(root, text, "return self.basket.order.number") == []
    assert judge(root, text, "return self.basket.ordering") == [certain("ordering", "self.basket")]
    assert judge(root, text, "return self.cashier") == [certain("cashier", "self")]


def test_variables_that_are_assigned_are_followed(root: Path) -> None:
    text = in_function("url", "    basket = connect(\n        url,\n    )\n")
    assert judge(root, text, "return basket.order") == []
    assert judge(root, text, "return basket.rebate") == [certain("rebate", "basket")]


def test_what_calling_a_variable_gives_is_not_known(root: Path) -> None:
    text = in_function("order: Order", "    found = order()\n")
    assert judge(root, text, "return found.retries") == []


@pytest.mark.parametrize(
    "body",
    [
        "    if isinstance(order, Rush):\n        pass\n",
        "    if hasattr(order, name):\n        pass\n",
        "    order = connect(order)\n",
        "    for order in Loose().all:\n        pass\n",
    ],
)
def test_doubtful_variables_are_not_judged_by_their_type(root: Path, body: str) -> None:
    assert judge(root, in_function("order: Order, name", body), "return order.retries") == []


def test_a_star_import_ends_all_judgement(root: Path) -> None:
    assert judge(root, "from shop import *\n|\n", "undefined_name.invented()") == []


def test_modules_made_at_run_time_lack_nothing(root: Path) -> None:
    index_files(root, {"lazy.py": "def __getattr__(name): ...\n"})
    assert judge(root, "import lazy\n|\n", "lazy.anything_goes()") == []


def test_modules_of_a_package_are_known(root: Path) -> None:
    index_files(root, {"pack/__init__.py": "", "pack/inner.py": "def call(): ...\n"})
    text = "import pack\nfrom pack import inner\n|\n"
    assert judge(root, text, "pack.inner.call()") == []
    assert judge(root, text, "inner.cull()") == [certain("cull", "inner")]


def test_what_the_index_has_of_the_file_itself_does_not_count(root: Path) -> None:
    index_files(root, {"main.py": "hidden_answer = 1\n"})
    assert judge(root, "x = 1\n|\n", "print(hidden_answer)") == [certain("hidden_answer")]


def test_installed_packages_are_read(root: Path) -> None:
    home = "venv/lib/python3.12/site-packages"
    write(root, {"venv/pyvenv.cfg": "", f"{home}/tool/__init__.py": "def run(): ...\n"})
    text = "import tool\n|\n"
    assert judge(root, text, "tool.run()") == []
    assert judge(root, text, "tool.walk()") == [certain("walk", "tool")]
    assert judge(root, text, "from tool import walk") == [certain("walk", "tool")]


def test_a_name_that_the_suggestion_begins_or_ends_within(root: Path) -> None:
    assert judge(root, HEAD + "conn|\n", "ect(1)") == []
    assert judge(root, HEAD + "conn|\n", "ector(1)") == [certain("connector")]
    assert judge(root, HEAD + "|nect(1)\n", "con") == []


def test_text_in_a_long_string_is_not_judged(root: Path) -> None:
    prose = "    and so it goes on, word for word\n" * 400
    assert judge(root, f'"""All of it.\n{prose}|\n"""\n', "nothing_of_this exists") == []


def test_broken_code_is_judged_with_care(root: Path) -> None:
    assert judge(root, in_function("url"), "def inner(first, second") == []
    assert judge(root, in_function("url"), "return connect(url, address=url") == [
        certain("address", "connect")
    ]


def test_a_folder_called_as_a_module_of_the_language(root: Path) -> None:
    index_files(root, {"os/__init__.py": "", "os/win.py": ""})
    assert judge(root, "import os\n|\n", "os.open(os.devnull)\nfrom os import getcwd") == []


def test_when_time_is_up_no_receiver_is_followed(root: Path) -> None:
    snapshot = Snapshot((root / "main.py").as_uri(), 1, "python", "import shop\n")
    workspace = workspace_at(snapshot, 12, "main.py", root, Index.open(root))
    suggestion = "undefined_name(shop.frobnicate(), shop.split())"
    found = unknown_names(snapshot, 12, suggestion, workspace, longest_s=-1)
    assert found == (certain("undefined_name"), likely("frobnicate", "shop"))


def test_without_a_workspace_only_names_alone_are_judged() -> None:
    snapshot = Snapshot("untitled:1", 1, "python", "import os\n\n")
    found = unknown_names(snapshot, 11, "os.nothing(len(undefined_name), math.pi)")
    assert found == (certain("undefined_name"), likely("math"))


def test_an_index_that_is_not_built_yet_tells_nothing(tmp_path: Path) -> None:
    snapshot = Snapshot((tmp_path / "a.py").as_uri(), 1, "python", "")
    assert workspace_at(snapshot, 0, "a.py", tmp_path, Index.open(tmp_path)) is None


def test_other_languages_are_not_judged() -> None:
    assert unknown_names(Snapshot("untitled:1", 1, "rust", ""), 0, "undefined_name()") == ()


TS = {
    "src/shop.ts": (
        "export class Order {\n  constructor(private readonly id: number) {}\n"
        "  total(): number { return this.id; }\n}\n"
        "export class Rush extends Order {\n  hours = 1;\n}\n"
        "export enum Colour { Red, Green }\nexport const connect = (url: string): Order => null!;\n"
        "export interface Options { retries?: number }\n"
    ),
}
TS_HEAD = (
    "import * as shop from './shop';\nimport { Order, Rush, Colour, Options } from './shop';\n\n"
    "function work(order: Order, rush: Rush, options: Options) {\n  |\n}\n"
)


@pytest.mark.parametrize(
    ("suggestion", "unknown"),
    [
        ("return undefinedName;", certain("undefinedName")),
        ("return shop.disconnect();", certain("disconnect", "shop")),
        ("return order.cancelled;", certain("cancelled", "order")),
        ("return rush.days;", certain("days", "rush")),
        ("return options.attempts;", certain("attempts", "options")),
        ("return Colour.Blue;", certain("Blue", "Colour")),
        ("const x: Invoice = null;", certain("Invoice")),
        ("return order.id.frobnicate();", likely("frobnicate", "order.id")),
    ],
)
def test_typescript(root: Path, suggestion: str, unknown: UnknownName) -> None:
    index_files(root, TS)
    assert judge(root, TS_HEAD, suggestion, "src/main.ts") == [unknown]


@pytest.mark.parametrize(
    "suggestion",
    [
        "return order.total().toFixed(2);",
        "return rush.hours + rush.total();",
        "return shop.connect('').total();",
        "return options.retries ?? Colour.Red;",
        "const { first, ...others } = options; console.log(first, others);",
        "document.querySelector<HTMLDivElement>('a')?.addEventListener('x', (event) => event);",
        "const all: Record<string, Promise<Order>> = {}; return Object.keys(all);",
        "for (const [key, value] of new Map<string, Order>()) { key; value; }",
        "type Pair<K> = { [P in keyof K]: Order };",
        "// nothing of this exists",
        "return `none ${order.total()}`;",
        "try { fetch('x'); } catch (error) { throw new Error(String(error)); }",
    ],
)
def test_typescript_that_exists(root: Path, suggestion: str) -> None:
    index_files(root, TS)
    assert judge(root, TS_HEAD, suggestion, "src/main.ts") == []


GO = {
    "go.mod": "module example.com/app\n",
    "shop/shop.go": (
        "package shop\n\ntype Order struct{ ID int }\n\n"
        "func Open(url string) *Order { return nil }\n"
    ),
    "beside.go": "package main\n\nfunc helper() int { return 1 }\n",
}
GO_HEAD = (
    'package main\n\nimport (\n\t"fmt"\n\n\t"example.com/app/shop"\n)\n\n'
    "func work(url string) error {\n\t|\n}\n"
)


@pytest.mark.parametrize(
    ("suggestion", "unknown"),
    [
        ("return undefinedName", certain("undefinedName")),
        ("shop.Close(url)", certain("Close", "shop")),
        ("var o shop.Invoice", certain("Invoice", "shop")),
    ],
)
def test_go(root: Path, suggestion: str, unknown: UnknownName) -> None:
    index_files(root, GO)
    assert judge(root, GO_HEAD, suggestion, "main.go") == [unknown]


@pytest.mark.parametrize(
    "suggestion",
    [
        "order := shop.Open(url)\n\tfmt.Println(order.ID, helper(), len(url))",
        "fmt.Fprintf(nil, url)",
        "for i, r := range url {\n\t\t_ = i\n\t\t_ = r\n\t}",
        "var o shop.Order = shop.Order{ID: 1}\n\t_ = o",
        "return nil // nothing of this exists",
        "f := func(a, b int) (c error) { return nil }\n\t_ = f",
    ],
)
def test_go_that_exists(root: Path, suggestion: str) -> None:
    index_files(root, GO)
    assert judge(root, GO_HEAD, suggestion, "main.go") == []
