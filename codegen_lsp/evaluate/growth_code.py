"""Files of any length to type into, made rather than read, and keys that no model foresees.

Files of all lengths are alike around the cursor but for the numbers of their functions, as long in
one as in the other: what a key costs the model is about the same, and no file's prompt is a
continuation of another's.
"""

import random
from collections.abc import Iterator

FEWEST_LINES = 40
_LINES_BELOW = 60
_FIRST_NUMBER = 100_000
_NOUNS = ("order", "invoice", "account", "sensor", "ticket", "parcel", "booking", "reading")
_FUNCTIONS = (
    '''\
def load_{noun}s_{number}(path, limit=100):
    """Read at most `limit` {noun}s from the file at `path`."""
    {noun}s = []
    with open(path, encoding="utf-8") as lines:
        for row, line in enumerate(lines):
            if row >= limit or not line.strip():
                break
            {noun}s.append({noun}_from_line(line, "{number}"))
    return {noun}s
''',
    '''\
def total_of_{noun}s_{number}({noun}s, rates):
    """Sum of all amounts in the currency of report {number}."""
    total = 0.0
    for {noun} in {noun}s:
        rate = rates.get({noun}.currency)
        if rate is None:
            raise KeyError(f"no rate for {{{noun}.currency}}")
        total += {noun}.amount * rate
    return round(total, 2)
''',
    '''\
class {title}Store{number}:
    """Keeps {noun}s by their name, the newest last."""

    def __init__(self, capacity):
        self.capacity = capacity
        self.by_name = {{}}

    def add(self, {noun}):
        """Take in one {noun}; the oldest has to go when it is full."""
        self.by_name.pop({noun}.name, None)
        self.by_name[{noun}.name] = {noun}
        if len(self.by_name) > self.capacity:
            del self.by_name[next(iter(self.by_name))]
''',
    '''\
def group_{noun}s_{number}({noun}s, key="owner"):
    """The {noun}s by the value of their field `key`, each group sorted by date."""
    groups = defaultdict(list)
    for {noun} in {noun}s:
        groups[getattr({noun}, key)].append({noun})
    for members in groups.values():
        members.sort(key=lambda each: each.date)
    return dict(groups)
''',
)


def around_cursor(lines: int, file_number: int) -> tuple[str, str]:
    """Python code of so many lines, cut at a cursor inside a function near the end.

    The cursor is in an indented line of its own, with 50 to 70 lines below it, fewer in a file of
    less than 180.

    Args:
        lines: at least `FEWEST_LINES`.
        file_number: files of different numbers have different functions; from 0 to 8.
    """
    below = _functions(0, min(_LINES_BELOW, lines // 3), file_number)
    head, body = _opened(_function(len(below), file_number))
    behind = "".join(["\n", body, *reversed(below)])
    room = lines - head.count("\n") - behind.count("\n")
    above = "".join(reversed(_functions(len(below) + 1, room, file_number)))
    top = "".join(f"SETTING_{each} = {each}\n" for each in range(room - above.count("\n")))
    return top + above + head + " " * 4, behind


def unforeseen_keys() -> Iterator[str]:
    """What key after key types into a function: always the same statements about made-up names.

    No name comes twice, so that nothing can be repeated from above. Enter also indents, as an
    editor does.
    """
    chance = random.Random(0)
    while True:
        name, function, *arguments = (_made_up(chance) for _ in range(4))
        yield from f"{name} = {function}({', '.join(arguments)})"
        yield "\n" + " " * 4


def _functions(first: int, room: int, file_number: int) -> list[str]:
    """As many functions as `room` lines hold, number `first` and on: the last in the file first."""
    functions: list[str] = []
    function = _function(first, file_number)
    while function.count("\n") <= room:
        functions.append(function)
        room -= function.count("\n")
        function = _function(first + len(functions), file_number)
    return functions


def _function(number: int, file_number: int) -> str:
    """Function `number`, counted from the end of the file, with the blank lines behind it."""
    noun = _NOUNS[number // len(_FUNCTIONS) % len(_NOUNS)]
    names = {"noun": noun, "title": noun.title()}
    unique = _FIRST_NUMBER * (file_number + 1) + number
    return _FUNCTIONS[number % len(_FUNCTIONS)].format(number=unique, **names) + "\n\n"


def _opened(block: str) -> tuple[str, str]:
    """A function's first two lines, and the others."""
    first, second, rest = block.split("\n", 2)
    return f"{first}\n{second}\n", rest


def _made_up(chance: random.Random) -> str:
    pairs = chance.randint(3, 4)
    return "".join(chance.choice("bdfgjkmpqvwxz") + chance.choice("aeiouy") for _ in range(pairs))
