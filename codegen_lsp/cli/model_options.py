"""Options that every command that loads a model shares."""

import argparse

from codegen_lsp.models.catalogue import DEFAULT_MODEL


def add_model_options(parser: argparse.ArgumentParser) -> None:
    """Add `--model`, `--precision` and `--decoder` to `parser`."""
    parser.add_argument(
        "--model",
        default=DEFAULT_MODEL,
        help="a name from `model list`, a hub id, or the folder of a transformers model,"
        " ./ before a relative one (default: %(default)s)",
    )
    parser.add_argument(
        "--precision",
        choices=("auto", "int8", "bf16", "fp32"),
        default="auto",
        help="number format of the weights (default: the fastest that this machine does well)",
    )
    parser.add_argument(
        "--decoder",
        choices=("auto", "lean", "transformers"),
        default="auto",
        help="auto: our own for the Llama and Qwen2 families, transformers for the others",
    )
