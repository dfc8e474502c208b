"""The composed calls of kept-apart real audio, heard. Several seeds make one pool: what is rare is seen in many hours only.

What was watched of a company can be kept in a folder, so that a pool grows, or is swept again, without being heard again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec
import numpy as np
from call_engine.ports import Transcriber

from tests.benchmarks import composed_calls, composed_hearing, composed_voices
from tests.benchmarks.composed_scores import Watched, watched
from tests.benchmarks.composed_voices import RATE_HZ, Pools

SEED = 7


class Sources(NamedTuple):
    """Hours of distinct real audio that the calls were composed of: what was heard of the tracks, the announcers, and the humans."""

    music: float
    announcers: float
    humans: float


def watch(
    companies: int, *, words: bool, seeds: Sequence[int] = (SEED,), later: int = 1, kept: Path | None = None
) -> list[Watched]:  # fmt: skip
    """To each company of each seed the first call, and so many later ones that know what those before have taught. ``kept``: a folder
    of those that were watched before, with this code."""
    return asyncio.run(_watch(companies, words, seeds, later, kept))


async def _watch(companies: int, words: bool, seeds: Sequence[int], later: int, kept: Path | None) -> list[Watched]:
    pools = composed_voices.pools("test")
    transcriber = composed_hearing.transcripts() if words else None
    try:
        calls: list[Watched] = []
        for seed in seeds:
            for number in range(companies):
                store = kept and kept / f"{'words' if words else 'sound'}-{seed}-{number}-{later}.msgpack"
                if store is not None and store.exists():
                    calls += msgspec.msgpack.decode(store.read_bytes(), type=list[Watched])
                    continue
                heard = await _watch_company(pools, seed, number, later, transcriber or composed_hearing.NoWords())
                if store is not None:
                    _keep(store, heard)
                calls += heard
        return calls
    finally:
        if transcriber is not None:
            await transcriber.close()


def _keep(store: Path, calls: list[Watched]) -> None:
    store.parent.mkdir(parents=True, exist_ok=True)
    partial = store.with_suffix(".partial")
    partial.write_bytes(msgspec.msgpack.encode(calls))
    partial.rename(store)


async def _watch_company(pools: Pools, seed: int, number: int, later_calls: int, transcriber: Transcriber) -> list[Watched]:
    firm = composed_calls.company(pools, seed, number)
    calls: list[Watched] = []
    learned: list[list[str]] = []  #: by each call so far
    for later in range(1 + later_calls):
        call = composed_calls.call(firm, seed, later)
        heard = await composed_hearing.hear(call, transcriber, composed_hearing.flow_of(*learned) if learned else None)
        calls.append(watched(firm, call, later, heard.glances))
        learned.append(list(heard.learned.values()))
    return calls


def sources(companies: int, seeds: Sequence[int]) -> Sources:
    """Of these calls; of a voice all that it has, since a call takes of it what chance gives."""
    pools = composed_voices.pools("test")
    firms = [composed_calls.company(pools, seed, number) for seed in seeds for number in range(companies)]
    tracks = {id(track): track[: composed_calls.TRACK_S * RATE_HZ].size for firm in firms for track in firm.music}
    voices = [sum(clip.size for speaker in some for clip in speaker) for some in (pools.announcers, pools.humans)]
    return Sources(*(float(np.sum(sizes)) / RATE_HZ / 3600 for sizes in (list(tracks.values()), voices[0], voices[1])))
