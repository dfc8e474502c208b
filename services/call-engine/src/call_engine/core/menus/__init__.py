"""How the words of a spoken menu become keys and their labels. The way in is ``core/menu.py``."""
