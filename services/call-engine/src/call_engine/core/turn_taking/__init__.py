"""When somebody speaks and has finished: turns, their audio for the recogniser, known recordings. The way in is ``core/hearing.py``."""
