"""The folder of the files that SPEAK steps play; their bytes travel to the engine with the plan."""

from __future__ import annotations

from pathlib import Path

from call_contract.step_metadata import metadata_of

from flow_api.domain.errors import Fault, Invalid
from flow_api.domain.flow import Flow


class AudioFolder:
    """``folder``: None where none is configured."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder

    def missing(self, flow: Flow) -> list[Fault]:
        """One for each step that plays a file that is not there: to be made good before the flow is called."""
        played = [(place, metadata_of(step).audio_file) for place, step in enumerate(flow.content.steps)]
        return [
            Fault(f"$.steps[{place}].metadata.audio_file", f"{name!r} {self._why}")
            for place, name in played
            if name is not None and self._path(name) is None
        ]

    def files_of(self, flow: Flow) -> dict[str, bytes]:
        """By name. Raises Invalid."""
        files: dict[str, bytes] = {}
        for name in sorted({name for step in flow.content.steps if (name := metadata_of(step).audio_file) is not None}):
            path = self._path(name)
            if path is None:
                raise Invalid([Fault("$.flow_id", f"the flow {flow.id} plays {name!r}, which {self._why}")])
            files[name] = path.read_bytes()
        return files

    def _path(self, name: str) -> Path | None:
        path = self._folder / name if self._folder is not None else None
        return path if path is not None and path.is_file() else None

    @property
    def _why(self) -> str:
        return "is not in the audio folder" if self._folder is not None else "cannot be found: FLOW_API_AUDIO_FOLDER is not set"
