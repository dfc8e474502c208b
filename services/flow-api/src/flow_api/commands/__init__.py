"""What the service is told to do: load, decide, append."""
