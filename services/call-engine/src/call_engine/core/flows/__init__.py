"""A flow as the core knows it: steps, the prompts they are known by, whether two are one, and what this call adds."""
