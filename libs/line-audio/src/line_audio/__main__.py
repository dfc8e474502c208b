"""``python -m line_audio detect FILE.wav --json``: what sounds when in a recording."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import msgspec

from line_audio import tone_plan
from line_audio.detect import detect, read_wav, report
from line_audio.ear import DEFAULT_PLAN
from line_audio.wav import READABLE, UnreadableAudio


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m line_audio", description="Hearing on a telephone line.")
    commands = parser.add_subparsers(dest="command", required=True)
    detecting = commands.add_parser("detect", help="label silence, tones, DTMF, music and speech in a WAV file")
    detecting.add_argument("file", type=Path, help=f"WAV of any rate: {READABLE}; the first channel is heard, at 8 kHz")
    detecting.add_argument("--json", action="store_true", help="one JSON array of {start, end, label, detail}; seconds")
    detecting.add_argument(
        "--plan", default=DEFAULT_PLAN, choices=[tone_plan.ANY, *tone_plan.names()], help="tone plan (default %(default)s)"
    )
    options = parser.parse_args(arguments)
    try:
        lines = report(detect(read_wav(options.file), options.plan))
    except (OSError, UnreadableAudio) as error:
        print(f"line_audio: {error}", file=sys.stderr)
        return 1
    if options.json:
        print(msgspec.json.encode(lines).decode())
    else:
        for line in lines:
            print(f"{line.start:9.3f} {line.end:9.3f}  {line.label.value:18} {line.detail}".rstrip())
    return 0


if __name__ == "__main__":
    sys.exit(main())
