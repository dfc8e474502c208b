"""``python -m call_engine serve | doctor | hear FILE.wav | understand``."""

from __future__ import annotations

import argparse
import os
import sys

from call_engine.settings import SettingsError

#: A matrix product that is spread over threads waits for the slowest of them; on a busy machine that turns 3 ms into 300.
BLAS_THREADS = "1"


def main() -> int:
    os.environ.setdefault("OPENBLAS_NUM_THREADS", BLAS_THREADS)  # read when numpy is imported
    parser = argparse.ArgumentParser(
        prog="python -m call_engine", description="Makes phone calls: hears, explores, follows flows, bridges humans."
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    commands.add_parser("serve", help="run the gRPC service; settings come from the environment (see .env.example)")
    doctor = commands.add_parser("doctor", help="look at everything the service needs, and say what to do about what is missing")
    doctor.add_argument("--json", action="store_true", help="print a JSON array of findings instead of lines of text")
    hear = commands.add_parser("hear", help="what a live call would have heard in a recording, and when it would have known")
    hear.add_argument("file", metavar="FILE.wav", help="WAV of any rate and length; its channels are mixed")
    hear.add_argument("--flow", metavar="FLOW.json", help="a learned flow: its recordings are known from the start")
    hear.add_argument("--json", action="store_true", help="print a JSON array of segments instead of lines of text")
    commands.add_parser("understand", help='JSON lines {"transcript","intent"?} in, JSON lines of what is meant out')
    arguments = parser.parse_args()
    try:
        return _run(arguments)
    except SettingsError as problem:
        print(f"call-engine: {problem}", file=sys.stderr)
        return 2
    except BrokenPipeError:
        return 1


def _run(arguments: argparse.Namespace) -> int:
    # Each command imports only what it needs.
    match arguments.command:
        case "serve":
            os.environ.setdefault("GRPC_VERBOSITY", "NONE")  # read on import; what matters of it we say ourselves, once

            from call_engine.serve import run as serve

            return serve()
        case "doctor":
            from call_engine.doctor.report import run as doctor

            return doctor(arguments)
        case "hear":
            from call_engine.hear_file import run as hear

            return hear(arguments)
        case _:
            from call_engine.understand import run as understand

            return int(understand(arguments))


if __name__ == "__main__":
    sys.exit(main())
