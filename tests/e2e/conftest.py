"""Starting the real command, as a shell would, and the real server, as an editor would."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any, Protocol

import pytest

from codegen_lsp.evaluate.json_rpc import Message
from tests.e2e.editor import Editor

Command = Callable[..., subprocess.CompletedProcess[bytes]]


class Start(Protocol):
    """Starts a server and shakes hands with it; `loaded` waits for the model too."""

    def __call__(
        self,
        *arguments: str,
        options: Any = None,
        capabilities: Message | None = None,
        encodings: Sequence[str] | None = None,
        folder: Path | None = None,
        responders: Mapping[str, Callable[[Any], Any]] = MappingProxyType({}),
        loaded: bool = True,
        **environ: Any,
    ) -> Editor: ...


@pytest.fixture(scope="session")
def command() -> Command:
    """`command(*arguments, stdin=b"", **environment)` runs `codegen-lsp` to its end."""

    def run(
        *arguments: str, stdin: bytes = b"", **environment: str
    ) -> subprocess.CompletedProcess[bytes]:
        done = subprocess.run(
            [sys.executable, "-m", "codegen_lsp", *arguments],
            input=stdin,
            capture_output=True,
            env=os.environ | environment,
            check=False,
            timeout=300,
        )
        assert b"Traceback" not in done.stderr, done.stderr.decode()
        return done

    return run


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Servers of the test's own; they end with it, and must end well."""
    editors: list[Editor] = []

    def begin(
        *arguments: str,
        options: Any = None,
        capabilities: Message | None = None,
        encodings: Sequence[str] | None = None,
        folder: Path | None = None,
        responders: Mapping[str, Callable[[Any], Any]] = MappingProxyType({}),
        loaded: bool = True,
        **environ: Any,
    ) -> Editor:
        editor = Editor(tmp_path, *arguments, **environ)
        editors.append(editor)
        editor.responders |= responders
        answer = editor.initialize(capabilities, options, folder, encodings)
        editor.capabilities = answer["capabilities"]
        if loaded:
            editor.wait_ready()
        return editor

    try:
        yield begin
        for editor in editors:
            editor.leave()
    finally:
        for editor in editors:
            editor.kill()


@pytest.fixture(scope="session")
def editor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Editor]:
    """One server for every test that changes none of its state but documents of its own."""
    with Editor(tmp_path_factory.mktemp("server")) as shared:
        shared.initialize()
        shared.wait_ready()
        yield shared
        shared.leave()


@pytest.fixture(scope="session")
def until() -> Callable[[Path], None]:
    """Waits until a file exists: what makes it has begun."""

    def wait(file: Path) -> None:
        deadline = time.monotonic() + 30
        while not file.exists():
            assert time.monotonic() < deadline, f"{file.name} was not made"
            time.sleep(0.005)

    return wait
