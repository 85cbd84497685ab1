"""What a client tells of its suggestions: commands, and the notifications of Copilot's protocol.

Their parameters are read from plain JSON: lsprotocol does not know them, and the clients differ in
how much of an item they send back.
"""

from codegen_lsp.server.session import Session
from codegen_lsp.statistics.records import Outcome


def accept_command(session: Session, *arguments: object) -> None:
    """`codegen.accept`: the whole suggestion was accepted."""
    for id_ in _ids(arguments):
        session.history.note(id_, Outcome.ACCEPTED)
        session.suggester.restraint.accepted(id_)


def reject_command(session: Session, *arguments: object) -> None:
    """`codegen.reject`: the suggestions were dismissed."""
    for id_ in _ids(arguments):
        session.history.note(id_, Outcome.REJECTED)
        session.suggester.rejected(id_)


def fetch_command(session: Session, *_arguments: object) -> None:
    """`codegen.fetchModel`: the user wants the model to be fetched."""
    session.fetch_model()


def did_show(session: Session, params: object) -> None:
    """`textDocument/didShowCompletion`."""
    for id_ in _shown_ids(params):
        session.history.note(id_, Outcome.SHOWN)


def did_partially_accept(session: Session, params: object) -> None:
    """`textDocument/didPartiallyAcceptCompletion`; the length is in UTF-16 units."""
    length = params.get("acceptedLength") if isinstance(params, dict) else None
    if isinstance(length, int):
        for id_ in _shown_ids(params):
            session.history.note(id_, Outcome.PARTIALLY_ACCEPTED, length)


def did_focus(session: Session, params: object) -> None:
    """`textDocument/didFocus`: without a document, none of ours has the focus."""
    match params:
        case {"textDocument": {"uri": str(uri)}}:
            session.focused = uri
        case _:
            session.focused = None


def _ids(arguments: tuple[object, ...]) -> list[str]:
    """Ids given one by one or in lists."""
    flat = [each for one in arguments for each in (one if isinstance(one, list) else [one])]
    return [each for each in flat if isinstance(each, str)]


def _shown_ids(params: object) -> list[str]:
    """The ids in an item that was sent back, of which the command is enough."""
    match params:
        case {"item": {"command": {"arguments": list(arguments)}}}:
            return _ids(tuple(arguments))
        case _:
            return []
