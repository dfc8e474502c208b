"""Hearing on a telephone line: tones, DTMF, silence, music, speech and known recordings."""
