"""When a turn is over: how long it has to be silent, by what it has said so far."""

from __future__ import annotations

from call_engine.core.call_time import samples
from call_engine.core.turn_taking.line_sound import LineSound
from call_engine.core.turn_taking.pieces import Pieces
from call_engine.core.turn_taking.turns import Turns
from call_engine.core.utterance import ANNOUNCEMENT, RECORDED
from call_engine.core.waking import later

_RECOGNISER_AWAY_MS = 15_000


class TurnEnd:
    """Times are samples."""

    def __init__(self, turns: Turns, line: LineSound) -> None:
        self._turns, self._line = turns, line

    def is_over(self, at: int) -> bool:
        """Whether the turn that goes on, and is silent now, is over."""
        pieces, patience = self._turns.pieces(), self._turns.patience
        quiet = at - pieces.end
        if self._spares_words(pieces):
            return quiet >= samples(_RECOGNISER_AWAY_MS)
        if pieces.recording_id and not pieces.waiting:
            return at >= pieces.known_until and quiet >= samples(patience.complete_menu_ms)
        if pieces.waiting:
            return quiet >= samples(_RECOGNISER_AWAY_MS)  # the recogniser is away: go on without words
        if self._line.music and quiet >= samples(patience.music_again_ms):
            return True
        return quiet >= samples(self._needed_ms(pieces))

    def over_at(self, pieces: Pieces) -> tuple[int, ...]:
        """When a turn that is silent now may be over."""
        end, patience = pieces.end, self._turns.patience
        if pieces.waiting or self._spares_words(pieces):
            return (later(end, _RECOGNISER_AWAY_MS),)
        if pieces.recording_id:
            return (max(pieces.known_until, later(end, patience.complete_menu_ms)),)
        needed = later(end, self._needed_ms(pieces))
        return (later(end, patience.music_again_ms), needed) if self._line.music else (needed,)

    def unknown(self, at: int) -> bool:
        """A fingerprint was to spare us the words, but this turn has not been recognised and is over, or too long to wait on."""
        pieces, patience = self._turns.pieces(), self._turns.patience
        over = not self._line.speaking and at - pieces.end >= samples(patience.deferred_pause_ms)
        pieces.deferred = pieces.deferred and not over and at - pieces.start < samples(patience.deferred_ms)
        return not pieces.deferred

    def unknown_at(self, pieces: Pieces) -> tuple[int, ...]:
        """When a turn whose words were not asked for, since a fingerprint was to spare them, may count as unknown."""
        patience = self._turns.patience
        if pieces.recording_id or not pieces.deferred:
            return ()
        spoken = later(pieces.start, patience.deferred_ms)
        return (spoken,) if self._line.speaking else (spoken, later(pieces.end, patience.deferred_pause_ms))

    def _spares_words(self, pieces: Pieces) -> bool:
        return not self._turns.listening and pieces.deferred and not pieces.recording_id

    def _needed_ms(self, pieces: Pieces) -> int:
        patience = self._turns.patience
        utterance = self._turns.understood(pieces, pieces.text()[0])
        if utterance.kind == ANNOUNCEMENT or not utterance.menu.complete:
            return patience.unfinished_ms if not utterance.menu.complete else patience.turn_ms
        if len(utterance.menu.options) == 1:  # of a menu there is more to come
            return patience.turn_ms
        if utterance.kind in RECORDED or utterance.menu.options:
            return patience.complete_menu_ms
        return min(patience.turn_ms, 1500)
