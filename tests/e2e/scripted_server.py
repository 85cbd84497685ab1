"""The real language server with a scripted model: `python tests/e2e/scripted_server.py`.

Takes the options of `codegen-lsp lsp`. Only the model's process is another,
tests/worker/scripted_worker.py, whose head says how a test directs it. With
SCRIPTED_KEPT_AFTER_S suggestions are recorded so many seconds after their end. With
SCRIPTED_CONFIDENCE that file has the confidence model. With SCRIPTED_LOOK_S the active adapter is
looked for so often.
"""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from codegen_lsp.cli import main  # noqa: E402
from codegen_lsp.worker import client  # noqa: E402
from tests.worker.scripted_worker import COMMAND  # noqa: E402

client.DEFAULT_COMMAND = COMMAND
if "SCRIPTED_CONFIDENCE" in os.environ:
    from codegen_lsp.completion import confidence

    confidence.FILE = Path(os.environ["SCRIPTED_CONFIDENCE"])
if "SCRIPTED_LOOK_S" in os.environ:
    from codegen_lsp.server import adapter_watch

    adapter_watch.LOOK_S = float(os.environ["SCRIPTED_LOOK_S"])
if "SCRIPTED_KEPT_AFTER_S" in os.environ:
    from codegen_lsp.server import fates
    from codegen_lsp.statistics import writer

    fates.KEPT_AFTER_S = float(os.environ["SCRIPTED_KEPT_AFTER_S"])
    writer._BATCH_S = 0.0

if __name__ == "__main__":
    sys.exit(main(["lsp", *sys.argv[1:]]))
