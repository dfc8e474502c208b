"""The reference pages in ``docs/``, written from what the code says: ``python -m tests.support.references``."""
