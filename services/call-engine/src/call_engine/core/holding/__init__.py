"""On hold, and whether it is a live human who speaks."""
