"""`python -m codegen_lsp.context.reader`: a process that reads files for a build of the index.

Pickled tasks come on standard input, pickled readings go to standard output, first of all a None
when it is ready. It ends with its parent: when standard input does.
"""

import pickle
import signal
import sys

from codegen_lsp.context.reading import read_file


def main() -> None:
    """Read files until there are no more tasks."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # an interrupted parent ends us anyway
    tasks, readings = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr
    try:
        pickle.dump(None, readings)
        readings.flush()
        while True:
            task = pickle.load(tasks)  # noqa: S301 - from our own parent
            pickle.dump(read_file(task), readings, pickle.HIGHEST_PROTOCOL)
            readings.flush()
    except (EOFError, BrokenPipeError):
        return


if __name__ == "__main__":
    main()
