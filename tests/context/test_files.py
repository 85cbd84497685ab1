"""Which files of a workspace may be read: by path, by content, and whatever the disk does."""

import itertools
import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest

from codegen_lsp.context import content
from codegen_lsp.context.files import FoundFile, Rules, read, walk, why_not
from codegen_lsp.context.refusals import Refusal

RULES = Rules()
posix = pytest.mark.skipif(os.name == "nt", reason="needs POSIX permissions and links")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "workspace"
    folder.mkdir()
    return folder


def write(root: Path, *names: str, text: str = "x = 1\n") -> None:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def walked(root: Path, rules: Rules = RULES) -> set[str]:
    """What a walk finds; `why_not` must say the same of every plain file there is."""
    found = {file.relative for file in walk(root, rules)}
    assert found == {
        name for name in plain_files(root) if why_not(root, root / name, rules) is None
    }
    return found


def plain_files(root: Path) -> Iterable[str]:
    for folder, _, names in os.walk(root):
        for name in names:
            path = Path(folder, name)
            if path.is_file() and not path.is_symlink():
                yield path.relative_to(root).as_posix()


# What a walk finds


def test_a_walk_finds_the_nearest_first_and_by_name(root: Path) -> None:
    write(root, "b.py", "a/z.py", "a/b/c.py", "c/a.py", "a.py")
    found = list(walk(root, RULES))
    names = [file.relative for file in found]
    assert names == ["a.py", "b.py", "a/z.py", "c/a.py", "a/b/c.py"]
    status = (root / "a" / "z.py").stat()
    assert found[2] == FoundFile(root / "a" / "z.py", "a/z.py", 6, status.st_mtime_ns)


def test_a_walk_can_be_stopped_at_any_file(root: Path) -> None:
    write(root, *(f"{number}/a.py" for number in range(10)))
    found = walk(root, RULES)
    assert next(found).relative == "0/a.py"
    found.close()  # type: ignore[attr-defined]


def test_a_missing_or_odd_root_has_no_files(root: Path) -> None:
    write(root, "a.py")
    assert list(walk(root / "none", RULES)) == []
    assert list(walk(root / "a.py", RULES)) == []


def test_names_with_odd_letters(root: Path) -> None:
    write(root, "a b.py", "é名.py", "[x].py", "#a.py", "!b.py", "new\nline.py")
    assert len(walked(root)) == 6


@posix
@pytest.mark.skipif(sys.platform == "darwin", reason="the file system takes no such name")
def test_a_name_that_is_no_text_is_passed_over(root: Path) -> None:
    write(root, "a.py")
    Path(os.fsdecode(os.fsencode(root) + b"/\xff.py")).write_text("x")
    assert [file.relative for file in walk(root, RULES)] == ["a.py"]


# Ignore files


def test_ignore_files_of_every_level(root: Path) -> None:
    write(root, "a.log", "keep.log", "build/x.py", "src/a.log", "src/build/x.py", "src/gen/a.py")
    write(root, "src/gen/deep/gen/b.py", "src/only/a.py", "other/only/a.py")
    (root / ".gitignore").write_text("# comment\n*.log\r\n!keep.log\n/build/\n")
    (root / "src" / ".gitignore").write_text("/gen\nonly/ \n!a.log\n")
    assert walked(root) == {
        *(".gitignore", "src/.gitignore", "keep.log", "src/a.log", "src/build/x.py"),
        "other/only/a.py",
    }
    assert why_not(root, root / "build" / "x.py", RULES) is Refusal.IGNORED


def test_a_folder_once_ignored_cannot_be_opened_from_within(root: Path) -> None:
    write(root, "out/a.py")
    (root / ".gitignore").write_text("out/\n")
    (root / "out" / ".gitignore").write_text("!a.py\n")
    assert walked(root) == {".gitignore"}


def test_taking_back_the_folder_above_does_not_take_back_a_folder(root: Path) -> None:
    write(root, "src/private/a.py", "src/b.py")
    (root / ".gitignore").write_text("src/**/private\n!/src\n")
    assert walked(root) == {".gitignore", "src/b.py"}


def test_what_is_listed_after_all_is_ignored(root: Path) -> None:
    write(root, "a.py", "b.txt", "src/a.py", "src/b.txt")
    (root / ".gitignore").write_text("*\n!*/\n!*.py\n")
    assert walked(root) == {"a.py", "src/a.py"}


def test_our_ignore_file_and_gits_do_not_take_from_each_other(root: Path) -> None:
    write(root, "a.py", "b.py", "c.py", "sub/a.py", "sub/b.py")
    (root / ".gitignore").write_text("a.py\n!b.py\n")
    (root / ".codegenignore").write_text("b.py\n!a.py\n")
    (root / "sub" / ".gitignore").write_text("!b.py\n")
    assert walked(root) == {".gitignore", ".codegenignore", "c.py", "sub/.gitignore"}


def test_gits_own_list_of_excludes(root: Path) -> None:
    write(root, "a.py", "b.py", "sub/b.py")
    write(root, ".git/info/exclude", text="b.py\n")
    assert walked(root) == {"a.py"}
    (root / ".gitignore").write_text("!sub/b.py\n")
    assert walked(root) == {".gitignore", "a.py", "sub/b.py"}


def test_the_excludes_of_a_worktree_are_those_of_its_repository(tmp_path: Path, root: Path) -> None:
    write(root, "a.py", "b.py")
    main = tmp_path / "main" / ".git"
    write(main, "info/exclude", text="b.py\n")
    write(main, "worktrees/w/commondir", text="../..\n")
    (root / ".git").write_text(f"gitdir: {main}/worktrees/w\n")
    assert walked(root) == {"a.py"}


def test_a_workspace_inside_a_repository_obeys_the_rules_above_it(root: Path) -> None:
    write(root, "pkg/in/a.py", "pkg/in/b.py", "pkg/in/c.py", "pkg/in/d.py")
    (root / ".git").mkdir()
    (root / ".gitignore").write_text("/pkg/in/a.py\n/a.py\n")
    (root / ".codegenignore").write_text("b.py\n")
    (root / "pkg" / ".gitignore").write_text("in/c.py\n")
    assert walked(root / "pkg" / "in") == {"d.py"}


def test_folders_named_like_patterns(root: Path) -> None:
    write(root, "[ab]*/x.py", "[ab]*/y.py", "a/x.py")
    (root / "[ab]*" / ".gitignore").write_text("x.py\n")
    assert walked(root) == {"[ab]*/.gitignore", "[ab]*/y.py", "a/x.py"}


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("line", ["!", "/", "//", "\\", "[", "[[]", "[z-a]", "  ", "***", "\0"])
def test_lines_that_are_no_patterns_do_no_harm(root: Path, line: str) -> None:
    write(root, "a.py", "sub/b.py", "sub/c.log")
    for folder in (root, root / "sub"):
        (folder / ".gitignore").write_text(f"{line}\n*.log\n.gitignore\n")
    assert walked(root) == ({"sub/b.py", "a.py"} if line != "***" else set())


def test_an_ignore_file_that_cannot_be_read_ignores_its_folder(root: Path) -> None:
    write(root, "a.py", "sub/b.py")
    (root / "sub" / ".gitignore").write_text("#" * 1_000_001)
    assert walked(root) == {"a.py"}


def test_an_ignore_file_in_odd_bytes(root: Path) -> None:
    write(root, "a.py", "é.py")
    (root / ".gitignore").write_bytes(b"\xef\xbb\xbfa.py\n\xff\n\xc3\xa9.py\n.gitignore")
    assert walked(root) == set()


def test_we_ignore_what_git_ignores(root: Path) -> None:
    lines = {
        "": "*.log\n!/keep/*.log\n/a/**/z\nb/\n!b/\n**/tmp\nfoo/*\n!foo/bar\n"
        "x[0-9].py\n\\#c\nd\\ \n",
        "a": "!z\n/z/deep\n*.py\n!x*.py\n",
        "foo": "/bar/*\n!/bar/a.py\n",
    }
    names = ("a.py", "k.log", "x1.py", "z/a.py", "z/deep/b.py", "tmp/a.py", "#c", "d ")
    tops = ("", "a/", "a/m/", "b/", "foo/", "foo/bar/", "keep/")
    write(root, *(top + name for top, name in itertools.product(tops, names)))
    for folder, text in lines.items():
        (root / folder / ".gitignore").write_text(text)
    environ = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    for arguments in (["init", "-q"], ["ls-files", "-o", "-z", "--exclude-standard"]):
        done = subprocess.run(
            ["git", *arguments], cwd=root, env=environ, capture_output=True, check=True, text=True
        )
    assert walked(root) == set(done.stdout.rstrip("\0").split("\0"))


# What is never read


@pytest.mark.parametrize(
    "name",
    [
        *(".env", ".env.local", ".env.production", "prod.env", ".ENV", "server.pem", "tls.key"),
        *("id_rsa", "ID_ED25519", "deploy_rsa", "a.p12", "a.pfx", "release.jks", "a.keystore"),
        *(".netrc", ".pgpass", ".npmrc", ".pypirc", ".git-credentials", ".aws/credentials"),
        *(".docker/config.json", ".kube/config", "kubeconfig", "a.tfstate", "a.tfstate.backup"),
        *("secrets.yml", "secrets.yaml", "Secrets.json", "secrets.toml", "passwords.kdbx"),
        *(".ssh/config", ".ssh/deep/x.txt", ".gnupg/x", "credentials.json", ".bash_history"),
    ],
)
def test_files_of_secrets_are_denied_whatever_asks(root: Path, name: str) -> None:
    write(root, name, f"deep/er/{name}", "a.py")
    write(root, ".codegenignore", text=f"!{name}\n")
    assert walked(root) == {".codegenignore", "a.py"}
    assert why_not(root, root / "deep" / "er" / name, RULES) is Refusal.DENIED


@pytest.mark.parametrize(
    "name",
    [
        *("config.json", "settings.json", "settings.py", "environment.py", "env.py", "keys.py"),
        *(".env.example", ".env.sample", ".env.template", ".env.local.example", "secrets.py"),
        *("credentials.py", "config", "token.go", "key.ts", "auth.json", "id_rsa.pub", "pem.py"),
        *("package.json", "docker/config.json", ".gitconfig", "password.rb", "tfstate.py"),
    ],
)
def test_ordinary_files_are_not(root: Path, name: str) -> None:
    write(root, name)
    assert walked(root) == {name}


def test_a_workspace_in_a_folder_of_secrets(root: Path) -> None:
    write(root, ".ssh/in/a.py", ".docker/config.json")
    assert walked(root / ".ssh") == set()
    assert walked(root / ".ssh" / "in") == set()
    assert walked(root / ".docker") == set()
    assert why_not(root / ".ssh" / "in", root / ".ssh" / "in" / "a.py", RULES) is Refusal.DENIED


def test_the_settings_deny_more_and_never_less(root: Path) -> None:
    write(root, "a.py", "dump.sql", "in/dump.sql", "customers/list.py", "in/customers/b.py", ".env")
    rules = Rules(denied_files=("*.sql", "/customers/", "!.env", "!a.py"))
    assert walked(root, rules) == {"a.py", "in/customers/b.py"}
    assert why_not(root, root / "dump.sql", rules) is Refusal.DENIED
    assert why_not(root, root / "customers" / "list.py", rules) is Refusal.DENIED
    assert why_not(root, root / ".env", rules) is Refusal.DENIED


@pytest.mark.parametrize(
    "name", [".git/hooks/a.py", "node_modules/a/b.js", "__pycache__/a.py", ".mypy_cache/x.json"]
)
def test_caches_and_the_like_are_ignored(root: Path, name: str) -> None:
    write(root, name, f"sub/{name}", "a.py")
    assert walked(root) == {"a.py"}


@pytest.mark.parametrize("marker", ["pyvenv.cfg", "CACHEDIR.TAG", "conda-meta/history"])
def test_environments_and_caches_are_known_by_what_they_hold(root: Path, marker: str) -> None:
    write(root, f"any/{marker}", "any/lib/a.py", "a.py")
    assert walked(root) == {"a.py"}
    assert walked(root / "any") != set()


# Content


@pytest.mark.parametrize(
    ("data", "refusal"),
    [
        (b"", None),
        (b"x = 1", None),
        (b"\xef\xbb\xbfx = 1\r\n", None),
        ("é".encode() * 400, None),
        (b"a\0b", Refusal.BINARY),
        (b"x" * 8192 + b"\n\xff", Refusal.BINARY),
        ("x = 'é'".encode("latin-1"), Refusal.BINARY),
        ("x = 1".encode("utf-16"), Refusal.BINARY),
        (b"x = 1\n" * 166_666, None),
        (b"x = 1\n" * 166_666 + b"y =\n", None),  # one million bytes
        (b"x = 1\n" * 166_666 + b"y = \n", Refusal.TOO_LARGE),
        (b"var a=1;" * 100, Refusal.MINIFIED),
        (b"/* licence */\n" + b"var a=1;" * 1000, Refusal.MINIFIED),
        (b"x = 1\n" * 1000 + b"y = '" + b"a" * 10_000 + b"'\n", Refusal.MINIFIED),
        (b"x = 1\n" * 100 + b"y = '" + b"a" * 3_000 + b"'\n", None),
        (b"# @generated by x\n", Refusal.GENERATED),
        (b"// Code generated by protoc-gen-go. DO NOT EDIT.\npackage a\n", Refusal.GENERATED),
        (b"#!/bin/sh\n\n# Generated by x. Do not edit!\n", Refusal.GENERATED),
        (b"/*\n * Automatically generated by SWIG\n */\n", Refusal.GENERATED),
        (b"<!-- autogenerated by x -->\n", Refusal.GENERATED),
        (b'MARK = "@generated"\n', None),
        (b"x = 1\n" * 20 + b"# DO NOT EDIT\n", None),
        (b"# Users are generated by the factory.\n", None),
    ],
)
def test_what_content_forbids(root: Path, data: bytes, refusal: Refusal | None) -> None:
    (root / "a.py").write_bytes(data)
    assert why_not(root, root / "a.py", RULES) is refusal
    text = "" if refusal else data.decode("utf-8-sig")
    assert read(root, root / "a.py", RULES).text == text


@pytest.mark.parametrize(
    "name",
    ["a.min.js", "poetry.lock", "package-lock.json", "go.sum", "A_pb2.py", "x.pb.go", "a.g.dart"],
)
def test_generated_files_are_known_by_name(root: Path, name: str) -> None:
    write(root, name, "lock.py", "minjs.js", "pb2.py")
    assert walked(root) == {"lock.py", "minjs.js", "pb2.py"}
    assert why_not(root, root / name, RULES) is Refusal.GENERATED


def test_a_large_file_is_not_found(root: Path) -> None:
    write(root, "a.csv", text="1\n" * 500_001)
    assert walked(root) == set()


# Links, and what else a disk may do


@posix
def test_links_lead_nowhere_new(tmp_path: Path, root: Path) -> None:
    write(tmp_path, "outside/a.py", "outside.py")
    write(root, "in/a.py", ".env")
    links = {
        "loop": root,
        "in/up": root,
        "folder": tmp_path / "outside",
        "file.py": tmp_path / "outside.py",
        "same.py": root / "in" / "a.py",
        "env.txt": root / ".env",
        "self.py": root / "self.py",
        "gone.py": root / "none",
    }
    for name, target in links.items():
        (root / name).symlink_to(target)
    assert walked(root) == {"in/a.py"}
    reasons = {
        "folder/a.py": Refusal.OUTSIDE,
        "file.py": Refusal.OUTSIDE,
        "env.txt": Refusal.DENIED,
        "self.py": Refusal.UNREADABLE,
        "gone.py": Refusal.UNREADABLE,
        "same.py": None,
        "loop/loop/in/up/in/a.py": None,
        "loop/.env": Refusal.DENIED,
    }
    assert {name: why_not(root, root / name, RULES) for name in reasons} == reasons


@posix
def test_a_link_is_ignored_under_its_own_name_too(root: Path) -> None:
    write(root, "in/a.py")
    (root / "private").symlink_to(root / "in")
    (root / ".gitignore").write_text("private\n")
    assert why_not(root, root / "private" / "a.py", RULES) is Refusal.IGNORED
    assert why_not(root, root / "in" / "a.py", RULES) is None


@posix
def test_a_root_that_is_a_link(tmp_path: Path, root: Path) -> None:
    write(root, "a.py", ".env")
    link = tmp_path / "link"
    link.symlink_to(root)
    assert [file.relative for file in walk(link, RULES)] == ["a.py"]
    for where, asked in itertools.product((root, link), repeat=2):
        assert why_not(where, asked / "a.py", RULES) is None
        assert why_not(where, asked / ".env", RULES) is Refusal.DENIED


@pytest.mark.parametrize(
    ("name", "refusal"),
    [
        ("../a.py", Refusal.OUTSIDE),
        ("sub/../../a.py", Refusal.OUTSIDE),
        ("../workspace2/a.py", Refusal.OUTSIDE),
        ("", Refusal.OUTSIDE),
        ("none.py", Refusal.UNREADABLE),
        ("sub", Refusal.UNREADABLE),
        ("a\0b", Refusal.UNREADABLE),
        ("sub/../a.py", None),
    ],
)
def test_paths_that_lead_elsewhere(root: Path, name: str, refusal: Refusal | None) -> None:
    write(root.parent, "a.py", "workspace2/a.py", "workspace/a.py", "workspace/sub/b.py")
    assert why_not(root, root / name, RULES) is refusal


@posix
def test_a_pipe_is_not_waited_for(root: Path) -> None:
    os.mkfifo(root / "pipe.py")
    os.mkfifo(root / ".gitignore")
    write(root, "a.py")
    assert walked(root) == {"a.py"}
    assert why_not(root, root / "pipe.py", RULES) is Refusal.UNREADABLE


def test_what_cannot_be_listed_is_passed_over(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(root, "a.py", "closed/b.py", "open/c.py")
    listing = os.scandir

    def refusing(path: str) -> "os._ScandirIterator[str]":
        if path.endswith("closed"):
            raise PermissionError(13, "Permission denied", path)
        return listing(path)

    monkeypatch.setattr(os, "scandir", refusing)
    assert [file.relative for file in walk(root, RULES)] == ["a.py", "open/c.py"]


def test_files_and_folders_that_vanish_on_the_way(root: Path) -> None:
    write(root, "a.py", "one/b.py", "two/c.py", "two/d.py")
    found = walk(root, RULES)
    assert next(found).relative == "a.py"
    (root / "one" / "b.py").unlink()
    (root / "one").rmdir()
    third = next(found)
    assert third.relative == "two/c.py"
    third.path.unlink()
    assert content.read_text(third.path).refusal is Refusal.UNREADABLE


def test_a_file_that_grows_or_becomes_a_link_after_it_was_found(root: Path) -> None:
    write(root, "a.py", "b.py", ".env")
    grown, replaced = walk(root, RULES)
    grown.path.write_bytes(b"x = 1\n" * 200_000)
    assert content.read_text(grown.path).refusal is Refusal.TOO_LARGE
    if os.name != "nt":
        replaced.path.unlink()
        replaced.path.symlink_to(root / ".env")
        assert content.read_text(replaced.path).refusal is Refusal.UNREADABLE


# Limits


def test_the_number_of_files_is_bounded(root: Path) -> None:
    write(root, *(f"{number}.py" for number in range(5)))
    reports: list[str] = []
    assert len(list(walk(root, Rules(max_files=3), reports.append))) == 3
    assert reports == [f"{root}: only the first 3 files are looked at"]
    reports.clear()
    assert len(list(walk(root, Rules(max_files=5), reports.append))) == 5
    assert reports == []


def test_the_time_is_bounded(root: Path) -> None:
    write(root, "a.py", "sub/b.py", "sub/deep/c.py")
    reports: list[str] = []
    assert [file.relative for file in walk(root, Rules(max_seconds=0), reports.append)] == ["a.py"]
    assert reports == [f"{root}: stopped after 0 s and 1 files"]


def test_a_walk_that_has_seen_all_has_not_been_ended(root: Path) -> None:
    write(root, "a.py")
    reports: list[str] = []
    assert [file.relative for file in walk(root, Rules(max_seconds=0), reports.append)] == ["a.py"]
    assert reports == []


@pytest.mark.parametrize(("size", "is_found"), [(1_000_000, True), (1_000_001, False)])
def test_a_walk_finds_files_of_up_to_a_megabyte(root: Path, size: int, is_found: bool) -> None:
    (root / "a.py").write_bytes(b"#" * size)
    assert bool(list(walk(root, RULES))) is is_found


def test_every_refusal_has_a_meaning() -> None:
    assert all(refusal.meaning for refusal in Refusal)
