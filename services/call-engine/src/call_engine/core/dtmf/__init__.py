"""Getting keys across, and what is still heard of the prompt that they were pressed into."""
