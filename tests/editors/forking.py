"""The scripted server without its start: forked from a process that has imported everything.

Two Pythons that import took more than two thirds of a case. Nothing but the imported modules is
shared: each server, and each server's worker, is a process of its own, with the environment, folder
and streams of whoever started the command (fork_me.py), and ends with it.
"""

import contextlib
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

if __name__ == "__main__":  # a script has only its own folder on the path
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from codegen_lsp.cli import main, setting_options
from codegen_lsp.server import features, run, transport
from codegen_lsp.worker import client
from codegen_lsp.worker import process as worker
from tests.worker import scripted_worker

HERE = Path(__file__).resolve().parent
IMPORTED = (features, run, setting_options, transport)  # the command imports them when it runs

_LARGEST = 1 << 17  # bytes of what is asked


@contextlib.contextmanager
def scripted_servers() -> Iterator[list[str]]:
    """A command that starts a scripted server at once, as long as the context lasts."""
    with tempfile.TemporaryDirectory(prefix="codegen-lsp-") as folder:
        address = f"{folder}/socket"
        command = [sys.executable, __file__, address]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == b"ready\n"
            yield _command(address, "server")


def _command(address: str, kind: str) -> list[str]:
    return [sys.executable, "-I", "-S", str(HERE / "fork_me.py"), address, kind]


def _serve(address: str) -> None:
    """Fork whatever is asked for at `address`, until standard input ends."""
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    listener.bind(address)
    listener.listen()
    client.DEFAULT_COMMAND = _command(address, "worker")
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for their ends
    while listener in select.select([listener, sys.stdin], [], [])[0]:
        connection, _ = listener.accept()
        if os.fork() == 0:
            listener.close()
            _become(connection)
        connection.close()


def _become(connection: socket.socket) -> None:
    """Be the process that the other end of `connection` stands for."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.setsid()
    asked, streams, _, _ = socket.recv_fds(connection, _LARGEST, 3)
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    kind, folder, *variables = asked.decode().split("\0")
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(dict(each.split("=", 1) for each in variables))
    threading.Thread(target=_end_with, args=[connection], daemon=True).start()
    if kind == "worker":
        worker.run(*worker.take_standard_streams(), scripted_worker.load, scripted_worker.pull)
    os._exit(main(["lsp"]))


def _end_with(connection: socket.socket) -> None:
    """End this process with the one that it stands behind."""
    connection.recv(1)
    os.killpg(0, signal.SIGKILL)


if __name__ == "__main__":
    _serve(sys.argv[1])
