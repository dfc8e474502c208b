"""The service that makes phone calls: hears, understands, explores, follows and bridges."""
