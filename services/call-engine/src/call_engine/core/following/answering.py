"""A LISTEN step and what is heard at it: the learned prompt, a changed one, none at all, or one that a key does not move."""

from __future__ import annotations

import msgspec
from call_contract.flows import CallFlowStep, CallFlowStepType

from call_engine.core.dtmf.delivery import Reaction
from call_engine.core.facts import Turn
from call_engine.core.flows.flow_map import FlowMap
from call_engine.core.flows.replay import Match, Verdict
from call_engine.core.flows.signature import contained
from call_engine.core.following.course import Course
from call_engine.core.following.detour import Detour
from call_engine.core.following.heard_since import HeardSince
from call_engine.core.following.hold_step import HoldStep
from call_engine.core.following.listen_step import ListenStep
from call_engine.core.kit import Kit
from call_engine.core.navigation.keying import Again, Keying
from call_engine.core.vocabulary import phrases
from call_engine.core.waking import later, soonest

_LONGEST_PROMPT_MS = 90_000
_SAID_AGAIN = 0.9  #: of a prompt must be found in the one before


class Answering:
    def __init__(
        self, kit: Kit, flow: FlowMap, course: Course, keys: Keying, listen: ListenStep, heard: HeardSince, hold: HoldStep, detour: Detour
    ) -> None:  # fmt: skip
        self._kit = kit
        self._flow = flow
        self._course = course
        self._keys = keys
        self._listen = listen
        self._heard = heard
        self._hold = hold
        self._detour = detour
        self.menus = 0  #: answered so far

    def look_back(self, step: CallFlowStep) -> None:
        """A LISTEN begins: its prompt may already be playing, or be over."""
        if self._heard.known and self._heard.known[0] == self._flow.prompts.id_of(step):
            self._listen.matched_at(step, self._heard.known[1])
        elif self._heard.last and not self._kit.hearing.speaking:
            self.listened(step, self._heard.last)

    def listened(self, step: CallFlowStep, turn: Turn) -> None:
        verdict = self._listen.judge(step, turn)
        if verdict is None:
            return
        if verdict.match is Match.MATCHED and self._listen.rather_elsewhere(step, turn, verdict):
            verdict = msgspec.structs.replace(verdict, match=Match.DRIFTED, digits=None, reason="another prompt of the flow")
        if verdict.match is Match.DRIFTED:
            self._drifted(step, turn, verdict)
        elif verdict.match is Match.UNKNOWN and turn.utterance.kind in (phrases.HOLD, phrases.TRANSFER):
            self._hold.begins(turn.utterance.kind)
        else:
            self._respond(step, turn, verdict.match, step.dtmf)

    def wake_at(self, step: CallFlowStep) -> int | None:
        """When the key of a LISTEN is due, or the time of a step is over."""
        ends = (later(self._course.entered_at, step.timeout * 1000), later(self._course.entered_at, _LONGEST_PROMPT_MS))
        return soonest(self._kit.now, self._listen.press_at, *ends)

    def tick(self, step: CallFlowStep) -> bool:
        """Whether the key was due, and is pressed."""
        due = self._listen.press_at is not None and step.type is CallFlowStepType.LISTEN and self._kit.now >= self._listen.press_at
        if due:
            self._keys.effect_seen()  # the prompt has gone on as learned
            self._respond(step, None, Match.MATCHED, step.dtmf)
        return due

    def _respond(self, step: CallFlowStep, turn: Turn | None, match: Match, digits: str | None) -> None:
        """The prompt has been heard: press what the step says, or go on to the step that does."""
        self.menus += 1
        self._hold.noticed = False
        if self._listen.answer(step, turn, digits) or self._is_repeated(step):
            self._heard.answered(self._kit.now)
        self._course.finish(match=match)

    def _is_repeated(self, step: CallFlowStep) -> bool:
        """Whether the answer to this prompt is silence, after which the next step waits to hear the same words again."""
        following = self._flow.following(step)
        prompts = [self._flow.metadata(one).prompt for one in (step, following) if one and one.type is CallFlowStepType.LISTEN]
        words = [prompt.transcript for prompt in prompts if prompt]
        return len(words) == 2 and contained(words[1], words[0]) >= _SAID_AGAIN

    def _drifted(self, step: CallFlowStep, turn: Turn, verdict: Verdict) -> None:
        other = self._listen.known_elsewhere(turn, but=step)
        if other is not None and self._flow.waits_out(other, step):
            return
        self._listen.drift(step, verdict.similarity, turn.open_text)
        if self._course.leave("drift", verdict.reason) or self._course.leave("no_match", verdict.reason):
            return
        if verdict.digits and (other is None or self._listen.offered(step, turn) > self._listen.offered(other, turn)):
            self._answer_with(step, turn, verdict)
            return
        following = self._course.end("drift", match=Match.DRIFTED, reason=verdict.reason, target=other.id if other else None)
        if following is not None:
            self._course.enter(following)
        else:
            self._detour.begin(turn)

    def _answer_with(self, step: CallFlowStep, turn: Turn, verdict: Verdict) -> None:
        """The same option is under another key (or the prompt around it has changed): press that. A DTMF step behind is done with it."""
        behind = self._flow.following(step)
        self._listen.answer(step, turn, verdict.digits)
        self._heard.answered(self._kit.now)
        target = behind.next_step if behind and behind.type is CallFlowStepType.DTMF and not step.dtmf else None
        self._course.finish(match=Match.DRIFTED, reason=verdict.reason, target=target)

    def no_reaction(self, turn: Turn, reaction: Reaction) -> None:
        """The key did nothing: once more another way, or by a condition, or a look for another way."""
        if reaction is Reaction.UNCHANGED and self._keys.again(turn) is Again.TRYING:
            self._course.begin_again()
            return
        self._keys.settle(reacted=False)
        outcome = "invalid_digit" if reaction is Reaction.REFUSED else "no_match"
        if self._course.leave(outcome, "the key does nothing here"):
            return
        if self._course.step:
            self._listen.drift(self._course.step, 0.0, turn.open_text)
            self._course.end("drift", match=Match.DRIFTED, reason="the key does nothing here")
        self._detour.begin(turn)

    def timed_out(self, step: CallFlowStep) -> None:
        """The time of a LISTEN does not run while the prompt plays."""
        hearing = self._kit.hearing
        plays = hearing.in_turn or self._listen.press_at is not None
        if step.type is CallFlowStepType.LISTEN and plays and self._course.waited_ms < _LONGEST_PROMPT_MS:
            return
        if step.type is not CallFlowStepType.LISTEN:
            self._course.finish("timeout", reason="no answer from the line")
        elif not hearing.listening:
            hearing.listening = True  # no known prompt came: listen to the words from now on, once more as long
            self._course.begin_again()
        else:
            self._no_prompt(step)

    def _no_prompt(self, step: CallFlowStep) -> None:
        silent = "silence" if not self._heard.turns else "timeout"
        if self._course.leave(silent, "no prompt") or self._course.leave("timeout", "no prompt"):
            return
        if self._heard.turns and self._flow.metadata(step).prompt is None and step.next_step:
            self._course.finish("timeout", match=Match.UNKNOWN, reason="no prompt; going on")
            return
        self._listen.drift(step, 0.0, self._heard.last.open_text if self._heard.last else "")
        self._course.end("timeout", match=Match.DRIFTED, reason="the prompt did not come", target="")
        self._detour.begin(self._heard.last)
