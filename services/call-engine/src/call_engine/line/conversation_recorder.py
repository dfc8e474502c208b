"""Records what the two people of a bridged call say, mixed, as 8 kHz 16-bit WAV."""

from __future__ import annotations

import os

import pjsua2 as pj

from call_engine.core.happenings import RecordingBegan
from call_engine.line.sound import connect


class ConversationRecorder:
    """One file. ``end`` it, or its header says that it is empty."""

    def __init__(self) -> None:
        self._recorder: pj.AudioMediaRecorder | None = None

    def begin(self, path: str, here: pj.AudioMedia, there: pj.AudioMedia) -> RecordingBegan:
        """Only the owner may read the file; one that exists is never written over."""
        try:
            os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
            os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
            self._recorder = pj.AudioMediaRecorder()
            self._recorder.createRecorder(path)
        except (OSError, pj.Error) as problem:
            self._recorder = None
            reason = problem.reason if isinstance(problem, pj.Error) else problem.strerror
            return RecordingBegan(failure=f"{path} cannot be written: {reason}")
        self.hear(here, there)
        return RecordingBegan(file=os.path.basename(path))

    def hear(self, here: pj.AudioMedia, there: pj.AudioMedia) -> None:
        """Also after a re-INVITE, which gives a leg new media."""
        if self._recorder is not None:
            connect(here, self._recorder)
            connect(there, self._recorder)

    def end(self) -> None:
        """PJSIP closes the file at one of the next beats of its audio clock."""
        self._recorder = None
