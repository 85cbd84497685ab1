"""Which documents are not completed: those that are denied, and no others."""

from pathlib import Path

import pytest

from codegen_lsp.context.documents import is_denied_document, is_denied_name, path_in

SHOP = Path("/projects/shop")


@pytest.mark.parametrize(
    "name",
    [
        *(".env", ".ENV.local", "deep/down/id_rsa", "tls/server.pem", ".ssh/config", ".npmrc"),
        *(".ssh/deep/notes.txt", "secrets.yml", "infra/prod.tfvars", "vault.kdbx"),
    ],
)
def test_the_list_counts_whatever_the_folder(name: str) -> None:
    for roots in ([], [SHOP], [SHOP / "other"]):
        assert is_denied_name(SHOP / name, roots, [])


@pytest.mark.parametrize(
    "name",
    [
        *("main.py", ".env.example", "config.json", "settings.json", "env.py", "keys.py"),
        *("package-lock.json", "app.min.js", "node_modules/a/b.js", ".gitignore", "build/x.py"),
    ],
)
def test_what_is_ignored_or_generated_is_completed(name: str) -> None:
    assert not is_denied_name(SHOP / name, [SHOP], [])


@pytest.mark.parametrize(
    ("pattern", "denied", "allowed"),
    [
        ("*.sql", "db/a.sql", "a.sql.py"),
        ("customers/", "eu/customers/list/a.py", "customers"),
        ("/customers/", "customers/a.py", "eu/customers/a.py"),
        ("eu/*.py", "eu/a.py", "old/eu/a.py"),
        ("/a.py", "a.py", "b/a.py"),
    ],
)
def test_patterns_are_the_users_from_the_workspace_folder_on(
    pattern: str, denied: str, allowed: str
) -> None:
    assert is_denied_name(SHOP / denied, [SHOP], [pattern])
    assert not is_denied_name(SHOP / allowed, [SHOP], [pattern])


def test_of_two_folders_the_inner_one_counts() -> None:
    for roots in ([SHOP, SHOP / "till"], [SHOP / "till", SHOP]):
        assert is_denied_name(SHOP / "till" / "a.py", roots, ["/a.py"])
        assert not is_denied_name(SHOP / "till" / "b" / "a.py", roots, ["/a.py"])


def test_outside_every_folder_patterns_hold_too() -> None:
    assert is_denied_name(Path("/elsewhere/db/a.sql"), [SHOP], ["*.sql"])
    assert is_denied_name(Path("/elsewhere/customers/a.py"), [], ["customers/"])
    assert not is_denied_name(Path("/elsewhere/a.py"), [SHOP], ["/a.py"])


def test_a_link_counts_under_both_names(tmp_path: Path) -> None:
    root = tmp_path / "shop"
    (root / "customers").mkdir(parents=True)
    link, innocent = root / "notes.txt", root / ".env"
    link.symlink_to(root / "customers" / "a.txt")
    innocent.symlink_to(root / "main.py")
    assert not is_denied_document(link, [root], [])
    assert is_denied_document(link, [root], ["/customers/"])
    assert is_denied_document(innocent, [root], [])


def test_a_folder_that_is_a_link_counts_under_its_real_name(tmp_path: Path) -> None:
    (tmp_path / ".ssh").mkdir()
    (tmp_path / "linked").symlink_to(tmp_path / ".ssh")
    assert is_denied_document(tmp_path / "linked" / "config", [tmp_path / "linked"], [])


@pytest.mark.parametrize(
    ("uri", "path"),
    [
        ("file:///a/b%20c.py", "/a/b c.py"),
        ("untitled:/shop/.env", "/shop/.env"),
        ("vscode-notebook-cell:/a/n.ipynb#W0", "/a/n.ipynb"),
        ("untitled:Untitled-1", "Untitled-1"),
        ("http://[", "."),
    ],
)
def test_uris_of_any_scheme_have_a_path(uri: str, path: str) -> None:
    assert path_in(uri) == Path(path)
