"""Whether what has been said so far still waits for its main clause: "If you would rather have", "Sobald die nächste Leitung".

Who speaks is told by the main clause. What comes before it is said by recordings and people alike, and unfinished it is like what
people say off the cuff.
"""

from __future__ import annotations

import re

from call_engine.core.vocabulary.words import tokenise

#: With accents, for these tell "si" from "sí" and "cuando" from "cuándo"; a question is no such clause.
_SUBORDINATE = re.compile(
    r"\W*(?:(?:and|but|or|y|o|pero|et|ou|mais|und|oder|aber),? )?(?:"
    r"if|unless|once|until|while|because|since|although|though|before|after|as (?:soon|long) as|in case|should you|instead of|rather than"
    r"|when(?! (?:did|do|does|was|were|is|are|will|would|can|could|should|has|have)\b)"
    r"|si|cuando|mientras|en cuanto|tan pronto|una vez que|porque|aunque|antes de|después de|hasta que|en (?:lugar|vez) de"
    r"|s['’]ils?|lorsqu(?:e|['’]\w+)|quand(?! (?:est|avez|êtes)\b)|(?:d[eè]s|tant|pendant|avant|après|parce|bien|plutôt) (?:que|qu['’]\w+)"
    r"|puisque|au lieu de"
    r"|wenn|falls|sobald|solange|während|bevor|nachdem|weil|obwohl|sollten sie|(?:an)?statt"
    r")(?= )"
)


def awaits_main_clause(text: str) -> bool:
    """Whether this is one sentence that begins with a subordinate clause; where that ends is not told without commas."""
    return _SUBORDINATE.match(text.lower()) is not None and all(token.gap != "." for token in tokenise(text)[1:])
