"""What was meant: which option serves an intent, what is asked for, what a tone of the network means. Kinds: ``core/utterance.py``."""
