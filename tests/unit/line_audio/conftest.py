"""Compile the kernels before the first test, so that no test's time limit pays for it."""

from __future__ import annotations

from line_audio import ear, fingerprint

ear.warm_up()
fingerprint.warm_up()
