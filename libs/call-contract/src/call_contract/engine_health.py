"""What the engine's standard gRPC health service knows besides itself."""

from __future__ import annotations

LINES = "lines"  #: the phone lines and the SIP account: not serving while no number can be dialled
TROUBLE = "trouble-bin"  #: the trailing metadata in which the answer says why, in UTF-8
