"""What is chosen in languages other than Python."""

from pathlib import Path

import pytest

from codegen_lsp.context import indexing
from codegen_lsp.context.choosing import WorkspaceChooser
from codegen_lsp.context.files import Rules
from codegen_lsp.syntax.languages import language_of
from codegen_lsp.text import Snapshot
from tests.context.indexed import index_files, readings_in_process


@pytest.fixture(autouse=True)
def _index_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(indexing, "readings", readings_in_process)
    monkeypatch.setenv("CODEGEN_LSP_CACHE_DIR", str(tmp_path / "cache"))


def told(root: Path, files: dict[str, str], name: str, text: str, path: str) -> str:
    """What is told of the file `path` at the `|` of `text`, which the file `name` holds."""
    index_files(root, files)
    offset = text.index("|")
    text = text.replace("|", "", 1)
    snapshot = Snapshot((root / name).as_uri(), 1, language_of(Path(name)), text)
    context = WorkspaceChooser([root], Rules(), source_s=60).choose(snapshot, offset, ())
    return next((piece.text for piece in context.pieces if piece.path == path), "")


TYPESCRIPT = """export interface Basket {
  items: string[];
}

/** A connection to the shop. */
export class Client {
  constructor(private readonly url: string) {}
  getBasket(customer: number): Basket {
    return { items: [] };
  }
}

export const connect = (url: string): Client => {
  return new Client(url);
};
"""


@pytest.mark.parametrize(
    "code",
    [
        "const client = new Client('x');\nconst basket = client.|",
        "const client = connect('x');\nclient.get|",
        "function f(client: Client) {\n  return client.|\n}",
        "class A {\n  private client: Client;\n  go() {\n    return this.client.|\n  }\n}",
    ],
    ids=["constructed", "result", "annotated", "field"],
)
def test_members_of_a_typescript_class_are_told(tmp_path: Path, code: str) -> None:
    text = f"import {{ Client, connect }} from './client';\n\n{code}\n"
    said = told(tmp_path, {"src/client.ts": TYPESCRIPT}, "src/main.ts", text, "src/client.ts")
    assert "export class Client {" in said
    assert "    getBasket(customer: number): Basket" in said
    assert said.count("getBasket") == 1


def test_functions_behind_a_typescript_namespace_are_told(tmp_path: Path) -> None:
    text = "import * as shop from './client';\n\nconst c = shop.conn|\n"
    said = told(tmp_path, {"client.ts": TYPESCRIPT}, "main.ts", text, "client.ts")
    assert "export const connect = (url: string): Client" in said


GO = """package shop

// Client talks to the shop.
type Client struct {
\tURL string
}

// Connect opens a connection.
func Connect(url string) *Client {
\treturn &Client{URL: url}
}

// Basket is what a customer buys.
func (c *Client) Basket(customer int) ([]string, error) {
\treturn nil, nil
}
"""


def test_functions_of_a_go_package_are_told(tmp_path: Path) -> None:
    files = {"go.mod": "module example.com/app\n", "shop/client.go": GO}
    text = (
        'package main\n\nimport "example.com/app/shop"\n\nfunc main() {\n\tc := shop.Connect(|\n}\n'
    )
    said = told(tmp_path, files, "main.go", text, "shop/client.go")
    assert "// Connect opens a connection.\nfunc Connect(url string) *Client" in said


def test_methods_of_a_go_value_are_told(tmp_path: Path) -> None:
    files = {"go.mod": "module example.com/app\n", "shop/client.go": GO}
    text = (
        'package main\n\nimport "example.com/app/shop"\n\n'
        'func main() {\n\tc := shop.Connect("x")\n\tc.|\n}\n'
    )
    said = told(tmp_path, files, "main.go", text, "shop/client.go")
    assert "func (c *Client) Basket(customer int) ([]string, error)" in said


def test_go_files_of_one_package_know_each_other(tmp_path: Path) -> None:
    files = {"go.mod": "module example.com/app\n", "shop/client.go": GO}
    text = "package shop\n\nfunc open() {\n\tc := Connect(|\n}\n"
    said = told(tmp_path, files, "shop/open.go", text, "shop/client.go")
    assert "func Connect(url string) *Client" in said


JAVA = """package shop;

/** A connection to the shop. */
public class Client {
    public Client(String url) {
    }

    /** The basket of a customer. */
    public Basket getBasket(int customer) {
        return null;
    }
}
"""


@pytest.mark.parametrize(
    ("package", "statement"),
    [("app", "import shop.Client;\n\n"), ("app", "import shop.*;\n\n"), ("shop", "")],
    ids=["by name", "all", "same package"],
)
def test_members_of_a_java_class_are_told(tmp_path: Path, package: str, statement: str) -> None:
    text = (
        f"package {package};\n\n{statement}class Main {{\n"
        "    private final Client client;\n\n"
        "    void go() {\n        this.client.|\n    }\n}\n"
    )
    files = {"src/shop/Client.java": JAVA}
    said = told(tmp_path, files, f"src/{package}/Main.java", text, "src/shop/Client.java")
    assert "public class Client {" in said
    assert "    public Basket getBasket(int customer)" in said


def test_functions_of_an_included_header_are_told(tmp_path: Path) -> None:
    header = "/* Opens a connection. */\nint shop_connect(const char *url, int timeout);\n"
    text = '#include "shop.h"\n\nint main(void) {\n    return shop_connect(|\n}\n'
    said = told(tmp_path, {"shop.h": header}, "main.c", text, "shop.h")
    assert "int shop_connect(const char *url, int timeout)" in said


def test_methods_of_a_rust_type_are_told(tmp_path: Path) -> None:
    client = (
        "pub struct Client { pub url: String }\n\n"
        "impl Client {\n    pub fn basket(&self, customer: u32) -> Vec<String> {\n"
        "        vec![]\n    }\n}\n"
    )
    files = {
        "Cargo.toml": '[package]\nname = "app"\n',
        "src/client.rs": client,
        "src/main.rs": "",
    }
    text = "mod client;\nuse client::Client;\n\nfn go(client: &Client) {\n    client.|\n}\n"
    said = told(tmp_path, files, "src/main.rs", text, "src/client.rs")
    assert "pub fn basket(&self, customer: u32) -> Vec<String>" in said


def test_an_import_of_many_lines_that_has_scrolled_away_is_told_whole(tmp_path: Path) -> None:
    filler = "".join(f"export const value{n} = {n};\n" for n in range(200))
    text = f"import {{\n  Client,\n  connect,\n}} from './client';\n{filler}\nconnect(|\n"
    said = told(tmp_path, {"client.ts": TYPESCRIPT}, "main.ts", text, "main.ts")
    assert said == "import { Client, connect, } from './client';"


def test_a_default_import_is_what_is_called_so(tmp_path: Path) -> None:
    module = "export default function open(a: string) {}\nexport class Till { close(): void {} }\n"
    files = {"till.ts": module}
    text = "import {0} from './till';\n\n{0}(|\n"
    for name, expected in (("Till", "class Till"), ("other", "function open")):
        said = told(tmp_path, files, "main.ts", text.format(name), "till.ts")
        assert expected in said
