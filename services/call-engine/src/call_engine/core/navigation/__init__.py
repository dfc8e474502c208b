"""Finding the way through an unknown system: keys, menus, questions. The way in is ``core/explorer.py``."""
