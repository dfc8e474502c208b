"""Words of the telephone in four languages: how a text becomes tokens, how keys are spoken, what phrases mean. Mostly data."""
