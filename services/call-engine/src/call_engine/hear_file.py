"""``python -m call_engine hear FILE.wav``: what a live call would have heard, faster than real time.

Little is imported here: what hears is loaded while the recogniser's process loads its model.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import numpy as np
from call_contract.flows import CallFlow
from line_audio.wav import UnreadableAudio, line_samples, opened
from numpy.typing import NDArray

from call_engine import wiring
from call_engine.environment import from_env
from call_engine.errors import NoRecogniser, UnknowableRecording
from call_engine.ports import Transcriber
from call_engine.words_ahead import Foresight, WordsAhead

if TYPE_CHECKING:
    from call_engine.hear import HeardSegment, Pipeline


def run(arguments: argparse.Namespace) -> int:
    try:
        samples = line_samples(opened(Path(arguments.file).read_bytes()), mixed=True)
        flow = msgspec.json.decode(Path(arguments.flow).read_bytes(), type=CallFlow) if arguments.flow else None
    except OSError as problem:
        print(f"hear: {problem.filename}: {problem.strerror}", file=sys.stderr)
        return 2
    except UnreadableAudio as problem:
        print(f"hear: {arguments.file}: {problem}", file=sys.stderr)
        return 2
    except msgspec.DecodeError as problem:
        print(f"hear: {arguments.flow}: {problem}", file=sys.stderr)
        return 2
    try:
        found = asyncio.run(hear(samples, flow))
    except (UnknowableRecording, msgspec.ValidationError) as problem:
        print(f"hear: {arguments.flow}: {problem}", file=sys.stderr)
        return 2
    except NoRecogniser as problem:
        print(f"hear: {problem}", file=sys.stderr)
        return 1
    if arguments.json:
        print(msgspec.json.encode(found).decode())
    else:
        for one in found:
            posterior = "" if one.posterior is None else f" p(human)={one.posterior:.2f}"
            print(f"{one.start:8.2f} {one.end:8.2f}  {one.label:18} {one.detail or one.transcript}{posterior}  (at {one.decided_at:.2f})")
    return 0


async def hear(samples: NDArray[np.int16], flow: CallFlow | None = None) -> list[HeardSegment]:
    """8 kHz mono → its segments, in order of their start.

    Raises SettingsError without a speech model that can be loaded, NoRecogniser where no process lives to load it, and UnknowableRecording
    or msgspec's ValidationError where the flow's metadata is not what it should be.
    """
    settings = from_env(os.environ)
    transcriber = await wiring.transcriber(settings)
    foresight = Foresight()
    try:
        first_pass = await asyncio.to_thread(_pipeline, foresight, flow)
        await first_pass.hear(samples)  # while the model is loaded
        await transcriber.started()
        ahead = WordsAhead(transcriber, foresight, at_a_time=min(settings.whisper_workers, settings.transcription_queue))
        try:
            return await _pipeline(ahead, flow).hear(samples)
        finally:
            await ahead.close()
    finally:
        await transcriber.close()


def _pipeline(transcriber: Transcriber, flow: CallFlow | None) -> Pipeline:
    from call_engine.hear import Pipeline
    from call_engine.recording_listener import RecordingListener

    return Pipeline(transcriber, RecordingListener(flow))
