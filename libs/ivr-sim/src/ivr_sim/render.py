"""Makes the recordings shipped under ``voices/`` from the shipped scripts: ``python -m ivr_sim render`` (needs flite)."""

from __future__ import annotations

import json
from importlib import resources
from pathlib import Path

from ivr_sim import script
from ivr_sim.voice import Flite, NoVoice, Recordings, key


def render() -> dict[str, int]:
    """Record what is missing, remove what no script says any more, write the list of contents. Raises ``NoVoice``."""
    folder = Path(str(resources.files("ivr_sim") / "voices"))
    recordings, flite = Recordings(folder), Flite()
    contents = {key(voice, text): [voice, text] for name in script.names() for voice, text in script.phrases(script.load(name))}
    for voice, text in contents.values():
        if recordings.say(voice, text) is None:
            samples = flite.say(voice, text)
            if samples is None:
                raise NoVoice("rendering needs flite, and scripts that are shipped may only use its voices")
            recordings.keep(voice, text, samples)
    for path in folder.glob("*.ul"):
        if path.stem not in contents:
            path.unlink()
    (folder / "contents.json").write_text(json.dumps(contents, indent=1, sort_keys=True) + "\n")
    return {"recordings": len(contents), "bytes": sum(path.stat().st_size for path in folder.glob("*.ul"))}
