"""Whether what has been said so far still waits for its main clause: "If you would rather have", "Sobald die nächste Leitung".

Who speaks is told by the main clause. What comes before it is said by recordings and people alike, and unfinished it is like what
people say off the cuff.
"""

from __future__ import annotations

import re

from call_engine.core.vocabulary.languages import language_of
from call_engine.core.vocabulary.words import tokenise

_SUBJECT = r"(?= (?:you|we|i|they|he|she|it|the|your|our|all|an?|one of|some(?:one|body))\b)"  #: not "after lunch", "until Friday"

#: What may join such a clause to what was said before, and what begins it. With accents, for these tell "si" from "sí" and "cuando" from
#: "cuándo"; but "sí" may be written without, before an answer. Questions are no such clauses.
_BEGINNINGS = {
    "en": (
        "and|but|or",
        r"if|unless|while|because(?! of\b)|although|though|as (?:soon|long) as(?! possible\b)|in case|should you|instead of|rather than"
        rf"|(?:before|after|since|until|once){_SUBJECT}"
        r"|when(?! (?:\w+ly )?(?:did|do|does|was|were|is|are|will|would|can|could|should|shall|may|might|has|have|had)\b)",
    ),
    "es": (
        "y|o|pero",
        r"si(?! (?:\w+me|sí?|claro|buen[oa]s?|hola|señor\w*|con|aqu[ií]|le (?:escucho|oigo|atiendo))\b)|cuando|mientras|en cuanto"
        r"|tan pronto|una vez que|porque|aunque|antes de|después de|hasta que|a menos que|en caso de que|en (?:lugar|vez) de",
    ),
    "fr": (
        "et|ou|mais",
        r"si|s['’]ils?|(?:lors|puis)qu(?:e|['’]\w+)|quand(?! (?:même|est|êtes|avez)\b)(?! (?:\w['’])?\w+-)"
        r"|(?:d[eè]s|tant|pendant|avant|après|parce|bien|plutôt|une fois|[aà] moins) (?:que|qu['’]\w+)|au lieu de",
    ),
    "de": (
        "und|oder|aber",
        r"wenn|falls|sofern|sobald|solange|während|bevor|nachdem|weil|obwohl|sollten?(?! (?:ich|wir)\b)|(?:an)?statt",
    ),
}  # fmt: skip
_PARENTHESIS = r"(?:(?<=\bif)|(?<=\bwenn)),[^,]*(?:,|$)"  #: "If, for any reason, you …"
_SUBORDINATE = {
    language: re.compile(rf"[^\w¿]*(?:(?:{joining}),? )?(?:{beginning})(?: |{_PARENTHESIS})")
    for language, (joining, beginning) in _BEGINNINGS.items()
}
_MAIN_CLAUSE_WORDS = 3  #: from so many behind a comma on


def awaits_main_clause(text: str, language: str = "") -> bool:
    """Whether this is one sentence that begins with a subordinate clause, and no comma is followed by words enough for a main clause;
    where no comma stands, it is not told where the main clause begins. Without a language the words tell which it is; of one that is
    not known here, the beginnings of all are looked for."""
    spoken = language or language_of([token.text for token in tokenise(text)])
    patterns = [_SUBORDINATE[spoken]] if spoken in _SUBORDINATE else _SUBORDINATE.values()
    begun = next((found for pattern in patterns if (found := pattern.match(text.lower()))), None)
    if begun is None or any(token.gap == "." for token in tokenise(text)[1:]):
        return False
    clause = tokenise(text[begun.end() :])
    comma = next((at for at, token in enumerate(clause) if token.gap == ","), len(clause))
    return len(clause) - comma < _MAIN_CLAUSE_WORDS
