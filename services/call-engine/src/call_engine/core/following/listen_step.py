"""The LISTEN step: hear its prompt, check that it is the one the flow knows, and answer it."""

from __future__ import annotations

import msgspec
from call_contract.call_events import DriftFound
from call_contract.flows import CallFlowStep, CallFlowStepType
from call_contract.step_metadata import Timing

from call_engine.core.call_time import samples
from call_engine.core.facts import Turn
from call_engine.core.flows.flow_map import FlowMap
from call_engine.core.flows.replay import Match, Verdict, compare, label_likeness
from call_engine.core.flows.signature import signature
from call_engine.core.kit import Kit
from call_engine.core.menu import Menu, Option, parse_menu
from call_engine.core.navigation.keying import Keying
from call_engine.core.understanding.choice import Choice
from call_engine.core.utterance import ANNOUNCEMENT, Utterance
from call_engine.core.vocabulary import phrases

_WORTH_TRYING_MS = 3000  #: of the prompt must be left: less, and its end could not tell whether the key was taken
_WORTH_LEFT_MS = _WORTH_TRYING_MS - 500  #: of that, once the key is pressed
_MUCH_MORE = 0.1  #: likeness to another prompt than to the expected one
_TRIES = 2  #: calls after which a prompt that was never answered before its end is taken to be deaf until then
_AFTER_PROMPT_MS = 150  #: after the end of a recognised prompt, a system that takes keys only then is ready
_BEFORE_END_MS = 400  #: a key pressed so long before the end of a prompt is pressed into it
_HEARD_MS = 600  #: after its words, until a change would have shown
_NO_PROMPT = frozenset((ANNOUNCEMENT, phrases.NOTICE, phrases.HUMAN, phrases.GREETING))


class ListenStep:
    """Knows one step at a time: ``begin`` it, then ask what turns and recognitions mean for it."""

    def __init__(self, kit: Kit, flow: FlowMap, keys: Keying) -> None:
        self._kit = kit
        self._flow = flow
        self._keys = keys
        self.press_at: int | None = None  #: when the key is due, once the prompt is recognised
        self.prompt_start = 0
        self.known_at: int | None = None  #: when the prompt was known, for the reaction time
        self._asked: tuple[Turn, str] | None = None  #: a prompt whose key is pressed by the step behind, and its recording

    def begin(self) -> None:
        self.press_at = None

    def matched_at(self, step: CallFlowStep, start: int) -> None:
        """The prompt is recognised: the key is due at the earliest moment that is known to work, else when the prompt is over."""
        metadata = self._flow.metadata(step)
        earliest = metadata.timing.earliest_press_ms if metadata.timing else None
        length = metadata.prompt.duration_ms if metadata.prompt else 0
        if self._kit.settings.probe_barge_in and metadata.timing and length and _barge_in_untried(metadata.timing, length):
            earliest = 0 if length - self._offered_ms(step) >= _WORTH_TRYING_MS else None
        if earliest is not None:
            taken_into_it = earliest <= length - _BEFORE_END_MS
            earliest = max(earliest, self._offered_ms(step))
            if taken_into_it:  # whether it would be after its end is not known
                earliest = min(earliest, length - _BEFORE_END_MS)
        over = length + _AFTER_PROMPT_MS if length else None
        after_ms = min((one for one in (earliest, over) if one is not None), default=None)
        self.prompt_start = start
        self.press_at = None if after_ms is None else max(self._kit.now, start + samples(after_ms))
        self.known_at = self.press_at

    def _offered_ms(self, step: CallFlowStep) -> int:
        """How far into the prompt its option is named: before that, a key that has moved could not be noticed."""
        prompt, (digits, label) = self._flow.metadata(step).prompt, self._flow.response(step)
        if prompt is None or not prompt.duration_ms or not label:
            return 0
        at = prompt.transcript.find(signature(label))
        key = prompt.transcript.find(f" {digits}", max(0, at - 12)) if at >= 0 else -1
        named = max(at + len(label), key + 2) if at >= 0 else len(prompt.transcript)
        return int(prompt.duration_ms * min(1.0, named / max(1, len(prompt.transcript)))) + _HEARD_MS

    def judge(self, step: CallFlowStep, turn: Turn) -> Verdict | None:
        """None: this turn is not the prompt (a greeting or a notice before it)."""
        digits, label = self._flow.response(step)
        if turn.recording_id == self._flow.prompts.id_of(step):
            return Verdict(match=Match.MATCHED, similarity=1.0, digits=digits)
        verdict = compare(self._flow.metadata(step), turn, digits, label)
        aside = turn.utterance.kind == phrases.SURVEY or (turn.utterance.kind in _NO_PROMPT and not turn.utterance.menu.options)
        if aside and verdict.match is not Match.MATCHED:
            return None
        self.prompt_start, self.known_at = turn.start, turn.end
        return verdict

    def answer(self, step: CallFlowStep, turn: Turn | None, digits: str | None) -> bool:
        """Presses the digits (or the step's secret), if any. Its discovery stays open for the press, here or in the next step."""
        metadata = self._flow.metadata(step)
        _, label = self._flow.response(step)
        known = self._flow.prompts.id_of(step)
        prompt = turn if turn is not None and turn.recording_id != known else self._from_memory(step)
        fingerprint = metadata.prompt.fingerprint if metadata.prompt else ""
        recording_id = known if fingerprint else ""
        if turn is not None and not turn.recording_id:
            recording_id, fingerprint = self._kit.prompts.keep(turn), ""
        waits, learned = bool(digits or metadata.secret or self._flow.response(step)[0]), Choice(digits, label, 1.0, "learned")
        self._keys.discover(
            prompt, recording_id, learned, dtmf=digits, waits=waits, step_id=step.id, said=self._said_next(step), fingerprint=fingerprint
        )  # fmt: skip
        self._asked = prompt, recording_id
        if not (digits or metadata.secret):
            return False
        self.press(step, digits or "", prompt, recording_id)
        return True

    def press_apart(self, step: CallFlowStep, last: Turn | None) -> None:
        """A DTMF step presses for the prompt of the LISTEN before it, else for what was heard last."""
        prompt, recording_id = self._asked or (last, "")
        self._asked = None
        self.press(step, step.dtmf or "", prompt, recording_id)

    def _said_next(self, step: CallFlowStep) -> str:
        """The sentence that answers this prompt, if one does."""
        following = self._flow.following(step)
        return self._flow.metadata(following).text or "" if following and following.type is CallFlowStepType.SPEAK else ""

    def press(self, step: CallFlowStep, digits: str, prompt: Turn | None, recording_id: str = "") -> None:
        metadata = self._flow.metadata(step)
        left = prompt.end - self._kit.now if prompt is not None else 0
        self._keys.press(
            digits, prompt, start=self.prompt_start, recording_id=recording_id, reason=step.description, profile=metadata.dtmf_profile,
            step_id=step.id, secret=metadata.secret, known_at=self.known_at,
            over_at=prompt.end + samples(_AFTER_PROMPT_MS) if prompt is not None and left >= samples(_WORTH_LEFT_MS) else None,
            into=left > 0,
        )  # fmt: skip
        self.known_at = None

    def _from_memory(self, step: CallFlowStep) -> Turn:
        """The prompt as it was learned: it was recognised by its sound and no word of it has been asked for."""
        metadata = self._flow.metadata(step)
        prompt = metadata.prompt
        text = prompt.transcript if prompt else ""
        menu = Menu(options=tuple(Option(one.digits, one.label) for one in metadata.options)) if metadata.options else parse_menu(text)
        menu = msgspec.structs.replace(menu, complete=not (prompt and prompt.cut))
        return Turn(
            number=0, start=self.prompt_start, end=self.prompt_start + samples(prompt.duration_ms if prompt else 0), text=text,
            utterance=Utterance(phrases.MENU, 1.0, menu), recording_id=self._flow.prompts.id_of(step),
        )  # fmt: skip

    def expected(self, step: CallFlowStep) -> str:
        prompt = self._flow.metadata(step).prompt
        return (prompt.transcript if prompt else "") or self._flow.response(step)[1] or step.description

    def drift(self, step: CallFlowStep, similarity: float, heard: str) -> None:
        self._kit.outbox.figures.steps_drifted += 1
        self._kit.outbox.record(DriftFound(step_id=step.id, expected=self.expected(step), heard=heard, similarity=round(similarity, 3)))

    def known_elsewhere(self, turn: Turn, but: CallFlowStep | None = None) -> CallFlowStep | None:
        """Another LISTEN step of the flow whose prompt this is: not ``but``, nor another answer to that one's prompt."""
        prompts = self._flow.prompts
        for step in self._flow.listening():
            metadata = self._flow.metadata(step)
            if (but is not None and prompts.id_of(step) == prompts.id_of(but)) or not (metadata.prompt and metadata.prompt.transcript):
                continue
            if turn.recording_id == prompts.id_of(step) or compare(metadata, turn, *self._flow.response(step)).match is Match.MATCHED:
                return step
        return None

    def rather_elsewhere(self, step: CallFlowStep, turn: Turn, verdict: Verdict) -> bool:
        """Whether this turn would do for the step, and is much more like the prompt of another: both begin with one greeting."""
        other = self.known_elsewhere(turn, but=step)
        if other is None or self.offered(other, turn) < self.offered(step, turn):
            return False
        return compare(self._flow.metadata(other), turn, *self._flow.response(other)).similarity >= verdict.similarity + _MUCH_MORE

    def offered(self, step: CallFlowStep, turn: Turn) -> float:
        """How alike the nearest label in this turn is to that of the step's option, in [0, 1]."""
        label = self._flow.response(step)[1]
        return max((label_likeness(one.label, label) for one in turn.utterance.menu.options), default=0.0)


def _barge_in_untried(timing: Timing, length_ms: int) -> bool:
    """Nobody has pressed before the prompt was over yet. Should the key be lost there, it is pressed again after the prompt."""
    return timing.n <= _TRIES and (timing.earliest_press_ms is None or timing.earliest_press_ms >= length_ms)
