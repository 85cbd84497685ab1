"""A llama-server for `codegen-lsp bench replay --peer-infill`, without building llama.cpp.

It wants an environment of its own, as its dependencies are none of this project's:

    python3 -m venv peer && peer/bin/pip install xllamacpp
    peer/bin/python tests/peer/llama_server.py qwen2.5-coder-0.5b-instruct-q4_k_m.gguf
    codegen-lsp bench replay DIR --peer-infill http://127.0.0.1:8012

The model is the file of the same name that Qwen publishes on the hub as
Qwen/Qwen2.5-Coder-0.5B-Instruct-GGUF; `codegen-lsp model pull` keeps only its converted form.

The wheel is built without AVX-512, so it is several times slower than a llama-server that was built
on the machine: good for developing the benchmark, not for reporting its ratios.
"""

import argparse
import os
import signal

import xllamacpp  # type: ignore[import-not-found]


def main() -> None:
    """Serve the model until the process is interrupted."""

    parser = argparse.ArgumentParser(description="Serve /infill for bench replay.")
    parser.add_argument("model", help="a GGUF file")
    parser.add_argument("--port", type=int, default=8012)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    args = parser.parse_args()
    parameters = xllamacpp.CommonParams()
    parameters.model.path = args.model
    parameters.port = args.port
    parameters.n_ctx = 8192
    parameters.n_parallel = 1
    parameters.cpuparams.n_threads = args.threads
    parameters.cpuparams_batch.n_threads = args.threads
    server = xllamacpp.Server(parameters)
    print(server.listening_address, flush=True)  # noqa: T201 - says that it is ready
    signal.sigwait({signal.SIGINT, signal.SIGTERM})


if __name__ == "__main__":
    main()
