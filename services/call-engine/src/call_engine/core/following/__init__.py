"""The steps of a known flow, and what to do where the system has changed. The way in is ``core/executor.py``."""
