"""The optional recording of the bridged conversation: announced to both sides first, noted with its beginning and its end.

Whoever has not heard that he is recorded is not recorded: where the notice cannot be played, nothing is kept, and an event says why.
"""

from __future__ import annotations

from call_contract.call_events import AudioPlayed, RecordingEnded, RecordingFailed, RecordingStarted

from call_engine.core.call_time import ms
from call_engine.core.effects import Play, RecordConversation
from call_engine.core.happenings import AnyHappening, PlaybackEnded, RecordingBegan
from call_engine.core.kit import Kit

_NOTICE = "recording_notice"


class ConversationRecording:
    def __init__(self, kit: Kit) -> None:
        self._kit = kit
        self._announced = False
        self._file = ""
        self._since = 0

    def bridged(self) -> None:
        """The two people hear each other. Announces the recording, if one is wanted."""
        if not self._kit.plan.record_conversation or self._announced:
            return
        self._announced = True
        if not self._kit.plan.may_speak:
            self._fail("the call may not speak, so that nobody would know of it")
            return
        text = self._kit.settings.recording_notice_text
        self._kit.outbox.do(Play(playback_id=_NOTICE, text=text, both=True))

    def feed(self, happening: AnyHappening) -> None:
        match happening:
            case PlaybackEnded(playback_id=played) if played == _NOTICE:
                self._notice_over(happening.completed)
            case RecordingBegan():
                self._began(happening)
            case _:
                pass

    def _notice_over(self, completed: bool) -> None:
        self._kit.outbox.record(AudioPlayed(what=f"text:{self._kit.settings.recording_notice_text}", completed=completed))
        if completed:
            self._kit.outbox.do(RecordConversation())
        else:
            self._fail("the notice could not be played, so that nobody would know of it")

    def _began(self, began: RecordingBegan) -> None:
        if began.failure:
            self._fail(began.failure)
            return
        self._file, self._since = began.file, self._kit.now
        self._kit.outbox.record(RecordingStarted(announced=self._kit.settings.recording_notice_text, file=began.file))

    def _fail(self, reason: str) -> None:
        self._kit.outbox.record(RecordingFailed(reason=reason))

    def close(self) -> None:
        """The call is over."""
        if self._file:
            self._kit.outbox.record(RecordingEnded(file=self._file, duration_ms=ms(self._kit.now - self._since)))
            self._file = ""
