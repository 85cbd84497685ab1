"""`codegen/explain`: what was decided for the latest answer, and why."""

from lsprotocol import types

from codegen_lsp.completion.confidence import shipped, worth
from codegen_lsp.completion.suggestion import Suggestion
from codegen_lsp.engine.base import Statistics
from codegen_lsp.server.history import Answer, History
from codegen_lsp.server.session import Session
from codegen_lsp.statistics.recalibration import Recalibration
from codegen_lsp.text import Position
from codegen_lsp.worker.status import ModelStatus

Explanation = dict[str, object]


def explain(session: Session, params: object) -> Explanation:
    """The request; parameters are `textDocument` (without it: the focused one) and `position`."""
    fields = params if isinstance(params, dict) else {}
    document = fields.get("textDocument")
    uri = document.get("uri") if isinstance(document, dict) else session.focused
    return _explain(session, uri, fields.get("position"))


def explain_command(session: Session, *arguments: object) -> Explanation:
    """`codegen.explain [URI [POSITION]]`; also tells the user in one line."""
    uri = arguments[0] if arguments else session.focused
    explanation = _explain(session, uri, arguments[1] if len(arguments) > 1 else None)
    session.window_show_message(
        types.ShowMessageParams(types.MessageType.Info, f"codegen-lsp: {explanation['summary']}")
    )
    return explanation


def _explain(session: Session, uri: object, position: object) -> Explanation:
    answer = session.history.latest(uri, _position(position)) if isinstance(uri, str) else None
    model = {
        "name": session.resolved.settings.model,
        "state": session.supervisor.status.state,
        "message": session.supervisor.status.message,
    }
    adapter = session.supervisor.status.adapter
    known: Explanation = {
        "model": model,
        "adapter": adapter and adapter.as_json(),
        "workspace": _workspace(session),
    }
    if answer is None:
        return {"decision": "none", "summary": _unasked(session.supervisor.status), **known}
    eagerness = session.resolved.settings.eagerness
    confidence = _confidence(answer.origin, session.recorder.recalibration(), eagerness)
    return {**_of_answer(answer, session.history), **confidence, **known}


def _workspace(session: Session) -> list[dict[str, object]]:
    """The folders of which an index is or was built, and how far that is."""
    return [
        {
            "folder": str(report.folder),
            "state": "indexed" if report.is_over else "indexing",
            "filesRead": report.done,
            "filesToRead": report.total,
        }
        for report in session.indexes.latest.values()
        if report.folder in session.folders.all
    ]


def _of_answer(answer: Answer, history: History) -> Explanation:
    reason = answer.reason and {"code": answer.reason, "meaning": answer.reason.meaning}
    model_answer = answer.origin if answer.source == "model" else None
    statistics = model_answer.statistics if model_answer else Statistics()
    return {
        "decision": "silent" if answer.reason else "suggested",
        "summary": _summary(answer),
        "reason": reason,
        "source": answer.source,
        "uri": answer.uri,
        "version": answer.version,
        "position": {"line": answer.position.line, "character": answer.position.character},
        "trigger": "invoked" if answer.is_invoked else "automatic",
        "context": _context(model_answer),
        "tokens": {
            "prompt": statistics.prompt_tokens,
            "cached": statistics.cached_tokens,
            "prefilled": statistics.prompt_tokens - statistics.cached_tokens,
            "generated": statistics.completion_tokens,
            "drafted": statistics.drafted_tokens,
            "accepted": statistics.accepted_draft_tokens,
        },
        "kvCacheBytes": statistics.cache_bytes,
        "timingsMs": {
            "waited": round(answer.waited_ms, 2),
            "context": round(model_answer.context_ms, 2) if model_answer else 0.0,
            "prefill": round(statistics.prefill_ms, 2),
            "decode": round(statistics.decode_ms, 2),
            "total": round(answer.total_ms, 2),
        },
        "format": answer.origin and answer.origin.format_name,
        "meanLogprob": answer.origin and answer.origin.mean_logprob,
        "filteredBy": list(answer.origin.filtered_by) if answer.origin else [],
        "unknownNames": list(answer.origin.unknown_names) if answer.origin else [],
        "suggestions": [
            _fate(history, id_, suggestion)
            for id_, suggestion in zip(answer.ids, answer.suggestions, strict=True)
        ],
    }


def _confidence(
    suggestion: Suggestion | None, recalibration: Recalibration, eagerness: str
) -> Explanation:
    """Confidence, also before this user's outcomes moved it; the worth, and the least to show."""
    raw = suggestion.confidence if suggestion else None
    if suggestion is None or suggestion.features is None or raw is None:
        return {"confidence": None}
    confidence = recalibration.apply(raw)
    known: Explanation = {
        "confidence": confidence,
        "worth": worth(confidence, suggestion.features),
        "threshold": shipped().thresholds[eagerness],
    }
    return known if confidence == raw else known | {"modelConfidence": raw}


def _context(suggestion: Suggestion | None) -> list[dict[str, object]]:
    sources = suggestion.sources if suggestion else ()
    return [each.as_json() for each in sources]


def _fate(history: History, id_: str, suggestion: Suggestion) -> dict[str, object]:
    outcome = history.outcome(id_)
    return {
        "id": id_,
        "length": len(suggestion.text),
        "outcome": outcome and outcome[0],
        "acceptedLength": outcome and outcome[1],
    }


def _summary(answer: Answer) -> str:
    if answer.reason:
        names = answer.origin.unknown_names if answer.origin else ()
        because = f"; nothing here defines {', '.join(names)}" if names else ""
        return f"no suggestion: {answer.reason.meaning}{because}"
    count = len(answer.suggestions)
    what = "1 suggestion" if count == 1 else f"{count} suggestions"
    if answer.source == "cache":
        return f"{what}, remembered from an earlier answer"
    return f"{what} from the model in {answer.total_ms:.0f} ms"


def _unasked(status: ModelStatus) -> str:
    state = f"the model is {status.state}" + (f": {status.message}" if status.message else "")
    return f"nothing was asked here yet; {state}"


def _position(value: object) -> Position | None:
    match value:
        case {"line": int(line), "character": int(character)}:
            return Position(line, character)
        case _:
            return None
