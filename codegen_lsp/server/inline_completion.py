"""`textDocument/inlineCompletion`: ghost text."""

from lsprotocol import types

from codegen_lsp.completion.reasons import Reason
from codegen_lsp.server.queries import read_query
from codegen_lsp.server.session import Session


async def inline_completion(
    session: Session, params: types.InlineCompletionParams
) -> types.InlineCompletionList:
    """Suggestions at the cursor; an empty list where there are none."""
    is_invoked = params.context.trigger_kind is types.InlineCompletionTriggerKind.Invoked
    asked = read_query(
        session,
        params,
        is_invoked=is_invoked,
        selected=params.context.selected_completion_info,
    )
    if isinstance(asked, Reason):
        session.refuse(params, asked, is_invoked=is_invoked)
        return types.InlineCompletionList([])
    query, place = asked
    answer = await session.suggester.suggest(query)
    items = []
    for id_, suggestion in zip(answer.ids, answer.suggestions, strict=True):
        range_, text = place.edit(suggestion)
        items.append(
            types.InlineCompletionItem(insert_text=text, range=range_, command=accept(id_))
        )
    return types.InlineCompletionList(items)


def accept(id_: str) -> types.Command:
    """What a client runs when the user has accepted the suggestion `id_`."""
    return types.Command("Accept", "codegen.accept", arguments=[id_])
