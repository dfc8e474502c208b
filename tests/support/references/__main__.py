"""Write the generated pages, and the generated parts of the others, anew."""

from __future__ import annotations

from tests.support.references.pages import DOCS, pages

for name, text in pages().items():
    path = DOCS / name
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        path.write_text(text, encoding="utf-8")
        print(f"docs/{name}")
