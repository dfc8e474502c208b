"""Every event of a call is in a local append-only file before it is acted on, and goes from there to the event store in order."""
