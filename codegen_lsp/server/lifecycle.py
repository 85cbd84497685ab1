"""`initialized`, changes of the settings, and the cancel button of the progress bar."""

import asyncio
import logging

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from codegen_lsp.server.session import Session
from codegen_lsp.server.workspace_events import watch_files

_log = logging.getLogger(__name__)

_SECTION = "codegen-lsp"
_ANSWER_S = 10.0  # a client that has not told its settings by then has none


async def initialized(session: Session, _params: object) -> None:
    """Load the model, and ask for the settings: they may name another one."""
    session.folders.tell()
    watch_files(session)
    await session.adapters.settle()
    session.start_model()
    session.follow_adapters()
    await _pull_configuration(session)
    session.apply(session.configuration.resolve())


async def did_change_configuration(
    session: Session, params: types.DidChangeConfigurationParams
) -> None:
    """`workspace/didChangeConfiguration`: the settings are in it, or are to be asked for."""
    session.configuration.change(params.settings)
    await _pull_configuration(session)
    session.apply(session.configuration.resolve())


def cancel_progress(session: Session, params: types.WorkDoneProgressCancelParams) -> None:
    """A bar that can be cancelled in a way that matters is that of a docstring or of a fetch."""
    if not session.docstrings.cancel(params.token):
        session.supervisor.cancel_fetch()


async def _pull_configuration(session: Session) -> None:
    if not session.client.has_configuration:
        return
    items = [types.ConfigurationItem(section=_SECTION)]
    try:
        values = await asyncio.wait_for(
            session.workspace_configuration_async(types.ConfigurationParams(items)), _ANSWER_S
        )
    except (JsonRpcException, TimeoutError) as error:
        _log.warning("the client did not tell its settings: %r", error)
        return
    if values and values[0] is not None:
        session.configuration.change({_SECTION: values[0]})
