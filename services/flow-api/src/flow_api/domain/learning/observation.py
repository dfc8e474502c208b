"""What a step knows after one more call came through it."""

from __future__ import annotations

import datetime as dt
import itertools

import msgspec
from call_contract.flows import CallFlowStep, CallFlowStepType
from call_contract.prompts import SAME_PROMPT, prompt_similarity
from call_contract.step_metadata import EndingsSeen, Prompt, StepMetadata, as_dict, metadata_of

from flow_api.domain.learning.confidence import with_outcome
from flow_api.domain.learning.hold_statistics import slot_of, with_wait
from flow_api.domain.learning.options import later, with_heard, without_gone
from flow_api.domain.learning.stops import Stop
from flow_api.domain.learning.timing import with_accepted_press, with_sample

MAX_EVIDENCE = 100
MAX_RECORDINGS = 150
MAX_RECORDED_CHARS = 120_000  #: of all fingerprints of a hold: 15 minutes of sound
_LONG = 4_000  #: characters: half a minute, which no announcement lasts
MAX_PREAMBLES = 4
_LONGER = 1.1  #: than the prompt's own words: a greeting was heard with it, whose time is not the prompt's
_KEYS = frozenset(field.encode_name for field in msgspec.structs.fields(StepMetadata))


class Call(msgspec.Struct, frozen=True, kw_only=True):
    """The call that is being merged. ``reached``: there was a human at its end."""

    call_id: str | None
    at: dt.datetime
    reached: bool

    @property
    def at_iso(self) -> str:
        """In UTC with a fixed form, so that times compare as strings."""
        return self.at.astimezone(dt.UTC).isoformat(timespec="milliseconds")


def observed(step: CallFlowStep, stop: Stop, call: Call, *, went_on: bool) -> CallFlowStep:
    """The step with ``stop`` added to what it knows. ``went_on``: the call came further than this stop."""
    before = known = metadata_of(step)
    known = msgspec.structs.replace(
        known, evidence=with_evidence(known.evidence, call.call_id), last_heard=later(known.last_heard, call.at_iso),
        outcomes=with_outcome(known.outcomes, success=call.reached),
    )  # fmt: skip
    match step.type:
        case CallFlowStepType.LISTEN:
            known = _pressed(_heard(known, stop, call, before.last_heard), stop, call, went_on=went_on)
        case CallFlowStepType.HOLD:
            known = _waited(known, stop, call)
        case CallFlowStepType.WAIT if stop.duration_ms is not None:
            known = msgspec.structs.replace(known, timing=with_sample(known.timing, stop.duration_ms, call.call_id))
        case CallFlowStepType.DTMF:
            known = _pressed(known, stop, call, went_on=went_on)
        case _:
            pass
    return knowing(step, known)


def knowing(step: CallFlowStep, known: StepMetadata) -> CallFlowStep:
    """The step with this knowledge in place of what it knew; keys of the metadata that mean nothing to us stay."""
    foreign = {key: value for key, value in step.metadata.items() if key not in _KEYS}
    return msgspec.structs.replace(step, metadata={**foreign, **as_dict(known)})


def with_ending(step: CallFlowStep, ended: str, call: Call) -> CallFlowStep:
    """The company ended one more call in this way while the step was current."""
    known = metadata_of(step)
    seen = known.endings.get(ended, EndingsSeen())
    slot = slot_of(call.at)
    slots = dict(sorted({**seen.slots, slot: seen.slots.get(slot, 0) + 1}.items()))
    seen = EndingsSeen(n=seen.n + 1, slots=slots, last_heard=later(seen.last_heard, call.at_iso))
    known = msgspec.structs.replace(known, endings=dict(sorted({**known.endings, ended: seen}.items())))
    return knowing(step, known)


def with_evidence(evidence: list[str], call_id: str | None) -> list[str]:
    """Call ids in one order whatever the order of the calls; where there are too many, some are forgotten."""
    return evidence if call_id is None else sorted({*evidence, call_id})[:MAX_EVIDENCE]


def _heard(known: StepMetadata, stop: Stop, call: Call, heard_before: str | None) -> StepMetadata:
    options = with_heard(known.options, stop.options, call.at_iso)
    former = known.former_options
    if stop.options and not stop.cut:
        options, former = without_gone(options, former, now=call.at_iso, before=heard_before, keep=stop.digits)
    return msgspec.structs.replace(
        known, prompt=_prompt(known.prompt or Prompt(), stop), options=options, former_options=former,
        preambles=_preambles(known.preambles, stop.preambles), language=known.language or stop.language or None, recordings_left_out=0,
    )  # fmt: skip


def _prompt(prompt: Prompt, stop: Stop) -> Prompt | None:
    """The first hearing stays, so that misheard words make nothing new; the whole prompt replaces its beginning."""
    fuller = bool(stop.transcript) and (not prompt.transcript or (prompt.cut and _goes_on(prompt.transcript, stop.transcript)))
    more_before_it = bool(prompt.transcript) and len(stop.transcript) > _LONGER * len(prompt.transcript)
    prompt = Prompt(
        transcript=stop.transcript if fuller else prompt.transcript, cut=stop.cut if fuller else prompt.cut,
        fingerprint=prompt.fingerprint or stop.fingerprint,
        duration_ms=prompt.duration_ms if more_before_it and not fuller else max(prompt.duration_ms, stop.duration_ms or 0),
    )  # fmt: skip
    return prompt if prompt != Prompt() else None


def _goes_on(beginning: str, whole: str) -> bool:
    return len(whole.split()) > len(beginning.split()) and prompt_similarity(beginning, whole, partial=True) >= SAME_PROMPT


def _preambles(known: list[Prompt], heard: tuple[Prompt, ...]) -> list[Prompt]:
    preambles = list(known)
    for new in heard:
        if not any(new.fingerprint and new.fingerprint == old.fingerprint for old in preambles) and not any(
            prompt_similarity(old.transcript, new.transcript, partial=True) >= 0.5 for old in preambles
        ):
            preambles.append(new)
    return preambles[:MAX_PREAMBLES]


def _pressed(known: StepMetadata, stop: Stop, call: Call, *, went_on: bool) -> StepMetadata:
    """Only a press that changed what is heard says anything; how to press is learned from calls that reached their goal."""
    accepted = stop.digits is not None and went_on and stop.reacted is not False
    if not accepted:
        return known
    if stop.pressed_after_ms is not None:
        timing = with_sample(known.timing, stop.pressed_after_ms, call.call_id)
        known = msgspec.structs.replace(known, timing=with_accepted_press(timing, stop.pressed_after_ms) if call.reached else timing)
    profile = stop.profile if call.reached and stop.profile and later(known.last_heard, call.at_iso) == call.at_iso else known.dtmf_profile
    return msgspec.structs.replace(known, dtmf_profile=profile)


def _bounded(recordings: set[str]) -> list[str]:
    """Those that a flow has room for, in one order whatever the order of the calls: announcements, which may be taken for a human, before
    music, and of music that which says the most. Stretches of which nothing is known are zeros, written as A."""
    by_worth = sorted(recordings, key=lambda one: (1, one.count("A") - len(one), one) if len(one) > _LONG else (0, len(one), one))
    sizes = itertools.accumulate(len(one) for one in by_worth)
    return sorted([one for one, size in zip(by_worth, sizes, strict=True) if size <= MAX_RECORDED_CHARS][:MAX_RECORDINGS])


def _waited(known: StepMetadata, stop: Stop, call: Call) -> StepMetadata:
    ms = stop.duration_ms or 0
    heard = {*known.recordings, *stop.recordings}
    recordings = _bounded(heard)
    return msgspec.structs.replace(
        known, recordings=recordings, recordings_left_out=len(heard) - len(recordings),
        hold=with_wait(known.hold, ms, got_through=call.reached, at=call.at, call_id=call.call_id),
        timing=with_sample(known.timing, ms, call.call_id) if call.reached else known.timing,
    )  # fmt: skip
