"""Read models made from the event log."""
