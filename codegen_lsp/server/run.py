"""Serve one client from its first message to its last."""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from typing import IO, Any

from codegen_lsp.errors import WorkerDiedError
from codegen_lsp.server.handshake import greet
from codegen_lsp.server.transport import Connection
from codegen_lsp.worker.client import WorkerProcess

_log = logging.getLogger(__name__)


async def serve(
    connection: Connection,
    command_line: Mapping[str, str],
    worker: Sequence[str],
    log: IO[Any],
) -> int:
    """Serve the client of `connection` until it leaves; returns the exit status of the process.

    Args:
        connection: not started yet.
        command_line: settings given to the command, in the text of its options.
        worker: starts the process that runs the model.
        log: where that process logs to.
    """
    connection.start()
    greeting = await greet(connection, command_line)
    if greeting is None:
        connection.close()
        return 1
    _log.info("settings: %s", dict(greeting.resolved.origins))
    first = await _start_ahead(worker, log)
    # 0.4 s for pygls and lsprotocol, which neither the client nor the model's process waits for.
    from codegen_lsp.server.features import create_session  # noqa: PLC0415

    session = create_session(greeting, worker, log)
    if first is not None:
        session.supervisor.adopt(first)
    protocol = session.protocol
    protocol.set_writer(connection, include_headers=False)
    try:
        while protocol.exit_status is None and (body := await connection.receive()) is not None:
            protocol.receive(body)
            # Lets a request's handler take its snapshot before the next message changes the text.
            await asyncio.sleep(0)
    finally:
        await protocol.cancel_all()
        await session.close()
        connection.close()
    return protocol.exit_status or 0


async def _start_ahead(worker: Sequence[str], log: IO[Any]) -> WorkerProcess | None:
    """A process for the model, which begins to load torch; None if it cannot be started."""
    try:
        return await WorkerProcess.start(worker, log)
    except WorkerDiedError as error:  # the supervisor will say so to the user
        _log.debug("not started ahead: %s", error)
        return None
