"""Where a key ends: words right behind its number still belong to it ("press 1 key now", "press 2 on your telephone keypad")."""

from __future__ import annotations

from call_engine.core.menus.openers import CONJUNCTIONS
from call_engine.core.vocabulary.languages import MENU_WORDS
from call_engine.core.vocabulary.number_words import key_of
from call_engine.core.vocabulary.words import Token, texts, word_set

_SAID_AT_ONCE = (
    "right away", "right now", "at once", "at any point", "at any hour", "at any moment",
    "immediately", "de inmediato", "inmediatamente", "ahora mismo",
    "en cualquier momento", "a cualquier hora", "tout de suite", "a tout moment", "immediatement", "des maintenant", "jederzeit", "sofort",
    "s'il vous plait", "sur le clavier de votre telephone", "sur le clavier", "sur votre clavier", "sur votre telephone",
    "de votre clavier", "de votre telephone", "auf ihrer tastatur", "auf ihrer telefontastatur", "auf ihrem telefon",
)  # fmt: skip
_AT_ONCE: dict[str, list[tuple[str, ...]]] = {}  #: by their first words
for _said in _SAID_AT_ONCE:
    _AT_ONCE.setdefault(_said.split()[0], []).append(tuple(_said.split()))
_BUTTONS = word_set("key button sign tecla touche taste")
_WHERE = word_set("at on key")
_ARTICLES = word_set("the die la")
_KEYPADS = word_set("keypad phone telephone dialpad pad")


def key_end(tokens: list[Token], end: int, language: str) -> int:
    """The end of the key whose number ends at ``end``."""
    tails = MENU_WORDS[language].tails
    if [token.text for token in tokens[end : end + 2]] == ["on", "your"]:
        end = next((upto for upto in (end + 4, end + 3) if upto <= len(tokens) and tokens[upto - 1].text in _KEYPADS), end)
    while end < len(tokens) and not tokens[end].gap and tokens[end].text in _AT_ONCE:
        at_once = next((words for words in _AT_ONCE[tokens[end].text] if texts(tokens, end, end + len(words)) == words), None)
        if at_once is None:
            break
        end += len(at_once)
    end = _sequence_end(tokens, end, language)
    if end + 1 < len(tokens) and tokens[end].text == "is" and not tokens[end].gap and tokens[end + 1].text in MENU_WORDS["en"].starters:
        end += 1  # "option 1 is (for sales)"
    while end < len(tokens) and tokens[end].text in tails and not tokens[end].gap and _goes_on(tokens, end, language):
        end += 1
    return end


def _sequence_end(tokens: list[Token], end: int, language: str) -> int:
    """ "press 1 and then 2 (for …)": the second key is of the menu behind this one."""
    at = end
    while at < len(tokens) and at - end < 2 and not tokens[at].gap and tokens[at].text in ("and", "then"):
        at += 1
    if at == end or tokens[at - 1].text != "then" or at == len(tokens) or tokens[at].gap:
        return end
    return at + 1 if key_of(tokens[at].text, language) else end


def _goes_on(tokens: list[Token], at: int, language: str) -> bool:
    """ "please" right after a key may open the next one, "key" may begin a name: "… press 1 please press 2 …", "press 3 key cutting"."""
    if at + 1 >= len(tokens) or tokens[at + 1].gap:
        return True
    following = tokens[at + 1].text
    if tokens[at].text in _BUTTONS:
        words = MENU_WORDS[language]
        if tokens[at - 1].text == tokens[at].text or _has_article(tokens, at):
            return True
        return following in _WHERE | CONJUNCTIONS or following in words.starters | words.fillers | words.tails | words.verbs
    if tokens[at].text not in ("please", "bitte"):
        return True
    return following in MENU_WORDS[language].starters | MENU_WORDS[language].fillers


def _has_article(tokens: list[Token], at: int) -> bool:
    """ "the 1 (key)", "la tecla 1 (…)"."""
    return at > 1 and tokens[at - 2].text in _ARTICLES
