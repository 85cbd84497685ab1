"""`python -m codegen_lsp.worker`, which the server starts; standard streams carry frames."""

import argparse
import faulthandler
import logging
import sys
import threading
from importlib import import_module

from codegen_lsp.worker.process import run, take_standard_streams


def main() -> None:
    """Serve the parent until standard input ends."""
    parser = argparse.ArgumentParser(prog="python -m codegen_lsp.worker", description=__doc__)
    parser.add_argument("--log-level", default="WARNING", metavar="LEVEL", help="to stderr")
    args = parser.parse_args()
    logging.basicConfig(
        stream=sys.stderr,
        level=args.log_level.upper(),
        format="%(asctime)s %(levelname)s %(name)s: %(message)s",
    )
    faulthandler.enable()  # a crash in machine code says where
    streams = take_standard_streams()
    # The first job needs it and is about to come: what can be done without it begins meanwhile.
    threading.Thread(target=import_module, args=("torch",), name="import torch").start()
    run(*streams)


if __name__ == "__main__":
    main()
