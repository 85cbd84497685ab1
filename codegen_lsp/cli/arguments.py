"""What the parsers of several commands share."""

import argparse
from collections.abc import Callable
from typing import Any


def positive(text: str) -> int:
    """A whole number above zero; an `argparse` type."""
    try:
        number = int(text)
    except ValueError:
        number = 0
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text[:20]!r} is not a positive number")
    return number


class CommandParser(argparse.ArgumentParser):
    """The parser of one command, which may add options only once the command has been named.

    Attributes:
        add_late_options: adds those that take long to make; None where there are none.
    """

    add_late_options: Callable[[argparse.ArgumentParser], None] | None = None

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        """Add the late options, then parse as usual."""
        if self.add_late_options is not None:
            self.add_late_options(self)
            self.add_late_options = None
        return super().parse_known_args(args, namespace)
