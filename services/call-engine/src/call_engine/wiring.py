"""The real adapters, made from settings. Each is imported when it is wanted: an engine of fakes needs no SDK."""

from __future__ import annotations

import asyncio
import logging
import socket
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from call_engine.core.settings import CoreSettings
from call_engine.settings import Settings, SettingsError

if TYPE_CHECKING:
    from event_log.port import EventLog

    from call_engine.adapters.similarity import SentenceSimilarity
    from call_engine.adapters.whisper import WhisperPool
    from call_engine.call_request import CallRequest
    from call_engine.call_setup import Lines, Speaking, Transcribing
    from call_engine.call_sound import Recordings
    from call_engine.pulse import Ears
    from call_engine.session import CallBrain
    from call_engine.tracing import Traces


log = logging.getLogger(__name__)


async def event_log(settings: Settings) -> EventLog:
    """Raises SettingsError for what is no URI of an event store."""
    from event_log.client import connect

    try:
        return await connect(settings.eventstore_uri)
    except ValueError as problem:
        raise SettingsError(f"EVENTSTORE_URI: {problem}") from problem


def check_recordings(folder: Path | None) -> None:
    """That conversations can be recorded where that is wanted; the folder is made. Raises SettingsError."""
    if folder is None:
        return
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        tempfile.TemporaryFile(dir=folder).close()
    except OSError as problem:
        raise SettingsError(f"CALL_ENGINE_RECORDINGS={folder}: cannot be written ({problem.strerror})") from problem


#: Calls that have just ended keep their ear until the next beat.
EARS_TO_SPARE = 8


def lines(settings: Settings) -> Lines:
    """Raises SettingsError where no line could ever listen."""
    from call_engine.adapters.lines import SipLines

    _check_address(settings.sip.bind_address)
    return SipLines(settings.sip, spares=settings.warm_lines, lines_max=settings.guards.concurrent)


def _check_address(address: str) -> None:
    try:
        with socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.bind((address, 0))
    except OSError as problem:
        raise SettingsError(f"CALL_ENGINE_SIP_BIND={address}: is no address of this machine ({problem.strerror})") from problem


def ears(settings: Settings) -> Ears:
    from line_audio import ear, fingerprint
    from line_audio.ear import EarBank

    log.info("making the ear ready; the first time on a machine this compiles it, which takes minutes")
    ear.warm_up()
    fingerprint.warm_up()
    return EarBank(settings.guards.concurrent + EARS_TO_SPARE)


def recordings() -> Callable[[], Recordings]:
    from call_engine.adapters.recordings import KnownRecordings

    def fresh() -> Recordings:
        return KnownRecordings()

    return fresh


def similarity() -> SentenceSimilarity:
    from call_engine.adapters.similarity import SentenceSimilarity

    return SentenceSimilarity()


async def brains(settings: Settings, similarity: SentenceSimilarity) -> Callable[[CallRequest], CallBrain]:
    from call_engine.core.brain import Brain

    core = core_settings(settings)
    await asyncio.to_thread(similarity.scores, "a word", ["another"])  # loads the model now, not in the middle of a call
    return lambda request: Brain(request.plan, call_id=request.call_id, similarity=similarity, settings=core)


def core_settings(settings: Settings) -> CoreSettings:
    return CoreSettings(recording_notice_text=settings.recording_notice)


async def prepared_transcriber(settings: Settings, similarity: SentenceSimilarity) -> Transcribing:
    from call_engine.adapters.prepared_words import PreparedWords

    return PreparedWords(await transcriber(settings), similarity)


async def transcriber(settings: Settings) -> WhisperPool:
    from call_engine.adapters.whisper import WhisperPool, model_folder

    pool = WhisperPool(model_folder(settings.whisper_model), workers=settings.whisper_workers, queue_max=settings.transcription_queue)
    pool.warm()
    return pool


def speech(settings: Settings) -> Speaking:
    from call_engine.adapters.speech import PiperSpeech

    core = core_settings(settings)
    notice = (core.recording_notice_text,) if settings.recordings_dir is not None else ()
    return PiperSpeech(prepare=(core.hello_text, core.hold_the_line_text, core.apology_text, *notice))


def traces(settings: Settings) -> Traces:
    """Raises SettingsError where traces are wanted and their packages are not installed."""
    from call_engine.tracing import NoTraces

    if not settings.traces_endpoint:
        return NoTraces()
    try:
        from call_engine.adapters.otel import OtelTraces, exporter

        return OtelTraces(exporter(), settings.engine_id)
    except ImportError as problem:
        remedy = "pip install opentelemetry-sdk opentelemetry-exporter-otlp-proto-grpc"
        raise SettingsError(f"OTEL_EXPORTER_OTLP_ENDPOINT is set, and {problem.name} is not installed: {remedy}") from problem


def secrets(settings: Settings) -> dict[str, str]:
    """Raises SettingsError."""
    if not settings.secrets_file:
        return {}
    try:
        return msgspec.json.decode(Path(settings.secrets_file).read_bytes(), type=dict[str, str])
    except (OSError, msgspec.DecodeError) as problem:
        raise SettingsError(f"CALL_ENGINE_SECRETS_FILE={settings.secrets_file}: {problem}") from problem
