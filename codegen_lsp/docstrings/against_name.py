"""What a summary says is done, and a Returns comes back, against the names that the author chose.

A small model reads a body worse than its author named it: "Check ..." of `require_pattern` is
rarely right, nor is "The validated request" of what is declared as a `Response`.
"""

import re

from codegen_lsp.docstrings.claims import Claim
from codegen_lsp.docstrings.imperative import imperative, is_verb
from codegen_lsp.docstrings.vocabulary import TELLS, meaningful, stem, words

_GIVE = frozenset(
    {"return", "get", "retrieve", "fetch", "find", "obtain", "look", "list", "read", "load"}
)
_MAKE = frozenset(
    {"create", "build", "make", "construct", "generate", "produce", "compose", "form"}
)
_TELL = frozenset({"check", "determine", "tell", "verify", "test", "decide", "return", "whether"})
_ALIKE = (
    _GIVE,
    _MAKE,
    _TELL,
    frozenset({"compute", "calculate", "count", "measure", "estimate", "evaluate", "sum"}),
    frozenset({"check", "verify", "validate", "ensure", "assert", "require", "confirm"}),
    frozenset({"delete", "remove", "drop", "clear", "discard", "reset", "erase", "purge"}),
    frozenset({"update", "set", "change", "modify", "assign", "replace", "patch"}),
    frozenset({"run", "execute", "perform", "start", "launch", "invoke", "call", "do"}),
    frozenset({"stop", "end", "close", "shut", "terminate", "cancel", "finish"}),
    frozenset({"parse", "read", "convert", "decode", "load", "extract"}),
    frozenset({"convert", "transform", "turn", "map", "cast", "translate", "encode"}),
    frozenset({"send", "emit", "publish", "post", "dispatch", "push", "notify"}),
    frozenset({"handle", "process", "respond", "react"}),
    frozenset({"add", "append", "register", "insert", "attach", "put"}),
    frozenset({"print", "show", "display", "log", "write", "echo"}),
    frozenset({"write", "save", "store", "dump", "export", "persist", "record"}),
    frozenset({"format", "render", "draw", "convert"}),
    frozenset({"merge", "join", "combine", "concatenate"}),
    frozenset({"initialize", "initialise", "init", "setup", "set", "prepare", "create"}),
    frozenset({"iterate", "yield", "walk", "iter", "stream", "list"}),
)
_NAMELESS = _GIVE | _MAKE | _TELL | {"compute", "calculate", "convert", "yield", "iterate"}
"""What a function does that is named after what it gives."""
_EVENTS = frozenset({"handle", "respond", "react", "process"})
_CONVERSIONS = frozenset({"from", "to", "as"})
_CONVERTS = _MAKE | _GIVE | {"convert", "parse", "turn", "transform", "encode", "decode"}
_CLASS = re.compile(r"(?<![\w.\"'])(?:[A-Za-z_]\w*\.)*([A-Z]\w*[a-z]\w*)")
_GENERAL = frozenset(
    {"Any", "None", "Optional", "Union", "Self", "Literal", "Callable", "Awaitable", "Coroutine"}
    | {"Iterator", "Iterable", "Sequence", "Mapping", "AsyncIterator", "AsyncIterable", "List"}
    | {"Generator", "AsyncGenerator", "Collection", "Annotated", "Dict", "Tuple", "Set", "Type"}
    | {"Promise", "Array", "Map", "Record", "Result", "Option", "Vec", "Box", "String", "Boolean"}
    | {"Object", "Integer", "Long", "Number", "Error", "Double", "Task", "True", "False", "Path"}
)
"""Types that say of what shape a value is, not what it is."""


def has_wrong_verb(claim: Claim) -> bool:
    """Whether the summary of what is called says something else is done than its name does."""
    definition = claim.code.documentable
    spoken = words(definition.name)
    if not claim.gap.is_order or definition.kind == "constructor" or not spoken:
        return False
    first = spoken[0]
    said = [word.lower().strip(".,`") for word in claim.sentence.split()[:2]]
    verbs = {said[0], *(said[1:] if said[0].endswith("ly") else [])}
    return not verbs & _fitting(first, gives=definition.returns_value or definition.yields)


def leaves_name_out(claim: Claim) -> bool:
    """Whether the summary has less than half of the words behind the verb of the name."""
    definition = claim.code.documentable
    spoken = words(definition.name)
    if not claim.gap.is_order or definition.kind == "constructor" or not spoken:
        return False
    is_led = is_verb(imperative(spoken[0])) or spoken[0] in TELLS | _CONVERSIONS | {"on"}
    named = meaningful(" ".join(spoken[1:] if is_led else spoken))
    return 2 * len(named & meaningful(claim.sentence)) < len(named)


def _fitting(first: str, *, gives: bool) -> frozenset[str]:
    """The verbs that say what a function does whose name begins with `first`."""
    if first in TELLS:
        return _TELL
    if first == "on":
        return _EVENTS
    if first in _CONVERSIONS:
        return _CONVERTS
    base = imperative(first).lower()
    if is_verb(base) and (base == first or not gives):  # "passes" may give some
        return frozenset({first, base}).union(*(group for group in _ALIKE if base in group))
    return _NAMELESS | {first} if gives else frozenset({first, "run", "handle"})


def is_about_another(claim: Claim) -> bool:
    """Whether what is said of a parameter has nothing of it, but all of another one's name.

    Nor may it have all of a longer name of another's, and of a flag's it must have something.
    """
    gap = claim.gap
    if gap.kind != "parameters" or gap.parameter is None:
        return False
    said = meaningful(claim.sentence)
    own = meaningful(gap.name)
    parameters = claim.code.documentable.parameters
    others = [other for each in parameters if (other := meaningful(each.name)) != own]
    if said & meaningful(f"{gap.name} {gap.parameter.type}"):
        return any(len(other) > 1 and other <= said and not other <= own for other in others)
    return gap.lead == "Whether" or any(other and other <= said for other in others)


def has_wrong_noun(claim: Claim) -> bool:
    """Whether what comes back is not called what its type, a class, is called."""
    gap = claim.gap
    if gap.kind not in {"returns", "yields"} or gap.lead:
        return False
    return lacks_class(claim.sentence, gap.type)


def lacks_class(text: str, type_name: str) -> bool:
    """Whether the type as written names classes, and `text` none of what they are called last."""
    found = [name for name in _CLASS.findall(type_name) if name not in _GENERAL and len(name) > 1]
    nouns = {words(name)[-1] for name in found}
    stems = {stem(noun + end) for noun in nouns for end in ("", "s")}
    return bool(nouns) and not meaningful(text) & stems
