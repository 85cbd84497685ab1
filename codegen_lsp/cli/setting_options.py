"""Command-line options made from the settings' schema, and the settings that then hold."""

import argparse
import os
import sys
from collections.abc import Iterable
from pathlib import Path

from codegen_lsp.config.describe import value_text
from codegen_lsp.config.schema import SETTINGS, Setting, Settings, is_valid
from codegen_lsp.config.sources import expected, parse, resolve
from codegen_lsp.errors import UsageError

Options = argparse.ArgumentParser | argparse._ArgumentGroup

_METAVARS = {"string": "VALUE", "boolean": "true|false", "integer": "N", "array": "A,B,..."}


def add_setting_options(parser: Options, names: Iterable[str] = SETTINGS) -> None:
    """Add one option for each of the settings called `names`, all of them by default."""
    for name in names:
        setting = SETTINGS[name]
        parser.add_argument(
            setting.option,
            dest=_destination(name),
            metavar="|".join(setting.choices) or _METAVARS[setting.type],
            help=_help(setting),
        )


def command_line(args: argparse.Namespace) -> dict[str, str]:
    """The texts of the setting options that were given, by the setting's name.

    Raises:
        UsageError: one is not a value of its setting.
    """
    given = {name: getattr(args, _destination(name), None) for name in SETTINGS}
    texts = {name: text for name, text in given.items() if text is not None}
    for name, text in texts.items():
        setting = SETTINGS[name]
        value = parse(setting, text)
        if not is_valid(name, value):
            raise UsageError(f"{setting.option}: {expected(setting, value)}")
    return texts


def settings_for(args: argparse.Namespace, folder: Path | None) -> Settings:
    """The settings in `folder` under the options given; warns of what is wrong with them.

    Raises:
        UsageError: an option's text is not a value of its setting.
    """
    resolved = resolve(folder, environ=os.environ, command_line=command_line(args))
    warn(resolved.problems)
    return resolved.settings


def warn(problems: Iterable[str]) -> None:
    """Say on standard error what is wrong with the settings, one line each."""
    for problem in problems:
        print("codegen-lsp: warning:", problem, file=sys.stderr)


def _destination(name: str) -> str:
    # Apart from a command's own options, such as `--candidates` of `complete`.
    return f"setting_{name}"


def _help(setting: Setting) -> str:
    limits = f"{setting.minimum} to {setting.maximum}, " if setting.type == "integer" else ""
    return f"{setting.help} ({limits}default: {value_text(setting.default)})".replace("%", "%%")
