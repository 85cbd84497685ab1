"""Types of arguments that several commands take."""

import argparse


def positive(text: str) -> int:
    """A whole number above zero; an `argparse` type."""
    try:
        number = int(text)
    except ValueError:
        number = 0
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text[:20]!r} is not a positive number")
    return number
