"""Where something begins that a menu says beside its options: "we accept Visa", "please allow two days", "or visit us online".

With full stops such sentences stand alone; without them only their first words tell where the name of an option has ended.
"""

from __future__ import annotations

import itertools

from call_engine.core.vocabulary.languages import MENU_WORDS
from call_engine.core.vocabulary.number_words import HOMOPHONES, KEYS, QUANTITIES
from call_engine.core.vocabulary.words import Token, word_set

_WITHIN = word_set("if when where while how what which who that whether because so unless and or nor than as whom whose but until")
_WE = word_set("we we're we'll we've i i'm i'll")
_CAN = word_set("can may will must should need could might cannot can't won't")
_THERE = word_set("is are was were will has have may can")
_DETERMINERS = word_set("a an the our your this these all some one someone somebody")
_WILL = word_set("will may does doesn't applies cannot can't won't")
_OURS = word_set("our your this these all")
_TOLD_OF = word_set("deadline fee cost charge wait office clinic counter lobby branch store")  #: "the deadline (to appeal is …)"
_IS = word_set("is are was were has have closes opens close open may")
_HOW_UPTO = 16
_UPTO = 6  #: words of a subject
_SUBJECTS = _DETERMINERS | word_set("you it there")
_KINDLY = word_set("please just simply kindly")
_DO = word_set(
    "allow make note do have be call wait hang leave visit remember listen keep bring use accept contact see check go email text write fax "
    "speak provide include complete refer ring try phone"
)
_ORDERED = {
    "call": "us the your our back after before between from", "ring": "us the your back after before between",
    "contact": "us the your our", "visit": "us our", "go": "to online",
    "hang": "up", "give": "us", "text": "us", "email": "us", "fax": "us", "write": "to", "leave": "the your", "check": "our",
    "note": "that our the", "keep": "everyone everybody children away back clear",
    "send": "a an", "do": "not nothing", "see": "our", "download": "our", "ask": "your us",
    "stay": "away back clear at home inside put", "take": "it them", "bring": "it them",
}  # fmt: skip
_FORBIDDEN = word_set("touch move use open try call drive enter drink eat wait hang worry delay light turn leave go")
_WHO = word_set("you i we they")
_ORDERS = {verb: word_set(following) for verb, following in _ORDERED.items()}
_NUMBERS = word_set("0 1 2 3 4 5 6 7 8 9 zero one two three four five six seven eight nine")
_ORDERED_BY = _NUMBERS | word_set("to or and can may will you please must should we i would of a an your our the on for phone by not don't")
_BIDDEN_BY = _ORDERED_BY - _NUMBERS
_BEHIND_KEYS = word_set("note ask visit check see")  #: no key is for what these order
_HANDED = word_set("connected transferred directed")  #: "(press 2) to be connected to the front desk"
_DONE = word_set("sent put told given read taken")  #: "(press 2) to be put through", "to be notified when it is resolved"
_OTHER_WAYS = word_set("order book just pay apply start chat schedule simply wait go do use check")
_INSTEAD = word_set("visit call leave email text write fax go hang")
_SHORTEST_DEED = 4
_KEY_UPTO = 4  #: words of "press the 1"
_KEY_VERBS = frozenset(itertools.chain.from_iterable(words.verbs for words in MENU_WORDS.values()))
_PRESSING = word_set("press dial oprima marque presione pulse appuyez tapez drucken wahlen")
_PURPOSES = word_set("to for para pour um fur")
_ERRANDS = word_set("follow enter press dial stay tell state say select choose speak record")
_ASKED_OF_VOUS = word_set("avez souhaitez voulez desirez cherchez etes rencontrez appelez venez pouvez devez preferez connaissez")
_NO_FRENCH_ORDERS = MENU_WORDS["fr"].verbs | word_set("chez assez rendez merci")
_LEFT_BEHIND = word_set("message voicemail name number brief detailed short")  #: "or leave us a message", not "or leave a compliment"
_TOWARDS = word_set("us a an our your to at on up online back")
_OPENERS = word_set("for to if with of about in on at by from your my his her their")
_WITHIN_OR_OPENERS = _WITHIN | _OPENERS
_NAMING = word_set("open close may will")  #: "your open orders", "our May specials", "a will": of a noun, right behind these
_SOMEBODY = word_set("someone somebody one this")  #: … but "someone will"
_RELATIVE = word_set("who that which whom whose")  #: "a person who may be missing"
_HEADS = word_set(
    "date dates day days time times hours reason reasons item items place places stores locations branches services things thing people "
    "person products plans ways documents forms cards everything anything something those amount price orders information insurance list"
)  #: of a relative clause without a pronoun: "dates (the office will be closed)", "items (we accept)"
#: What states, or orders, in the other languages: a word and those that follow it.
_SAID = {
    **dict.fromkeys(("halten", "legen", "rufen", "besuchen", "beachten", "nutzen", "verlassen", "nennen", "hinterlassen"), "sie"),
    **dict.fromkeys(("offnen", "schliessen", "schalten", "drehen", "gehen", "entfernen"), "sie"),
    **dict.fromkeys(("cierre", "abra", "abandone", "apague", "evacue"), "el la las los su"), "alejese": "de del y",
    **dict.fromkeys(("fermez", "ouvrez", "coupez", "evacuez", "eteignez"), "le la les votre vos"), "sortez": "et du de",
    "eloignez": "vous",
    "informationen": "finden", "ihr": "anruf", "dieses": "gesprach",
    "tenga": "a su", "cuelgue": "y por", "salga": "de del y", "recuerde": "que tener",
    "wenden": "sie", "visite": "nuestra nuestro nuestras nuestros www",
    "consulte": "nuestra nuestro nuestras nuestros", "nunca": "le les",
    **dict.fromkeys(("digite", "ingrese", "introduzca", "teclee", "proporcione"), "su"),
    "necesita": "su el la", "necesitara": "su el la", "le": "atendemos atenderemos atendera atenderan recordamos informamos",
    "estamos": "en para abiertos", "munissez": "vous", "raccrochez": "et",
    "quittez": "les la", "consultez": "notre nos aussi", "vous": "pouvez", "nous": "sommes vous allons",
}  # fmt: skip
_SAYS = {word: word_set(following) for word, following in _SAID.items()}
_OWN = {
    **dict.fromkeys(("unser", "unsere", "unseren"), word_set("ist sind hat haben finden offnet")),
    **dict.fromkeys(("nuestro", "nuestra", "nuestros", "nuestras"), word_set("es son esta estan ha han abre")),
    **dict.fromkeys(("notre", "nos"), word_set("est sont a ont ouvre")),
    **dict.fromkeys(("ein", "eine", "einer"), word_set("wird werden")),
    "un": word_set("va atendera contestara"), "una": word_set("atendera contestara"), "une": word_set("va"),
}  # fmt: skip
_IN_CHARGE = word_set("zustandig geschlossen geoffnet erreichbar besetzt verfugbar")
_KEYS = frozenset(itertools.chain("0123456789*#", *KEYS.values())) - word_set("o oh un una une ein")
#: What comes of pressing: "press 1 (and we'll call you back)", "pulse 1 (y le atenderemos)".
_AND_THEN = {
    "and": word_set("we'll we i'll you'll you someone somebody let hold wait ask hang tell"),
    "y": word_set("lo le nos despues luego espere deje diga"), "et": word_set("nous vous"), "und": word_set("wir"),
}  # fmt: skip
_HANG_UP = word_set("cuelgue raccrochez")
_IN_CLAUSE = word_set(
    "wenn falls sofern dass ob und oder die der das den dem fur von zu mit in an auf um a si que qui dont quand lorsque et ou para por con "
    "de del sobre y o en vous como cuando pour sur avec dans du des chez par l'un zum zur bei uber ce se no ne"
)
_TOLD_TO = word_set("tell notify inform let")
_REPORTING = word_set("report know say confirm think believe suspect notice feel")
_NOTING = word_set("noter preparer vous")  #: "veuillez noter que …"
_SPANISH_ORDERS = word_set(
    "recuerde llegue traiga acuda visite consulte presente lleve evite descargue escriba contacte comuniquese dirijase conserve"
)
_FRENCH_ARTICLES = word_set("la le une un votre cette")  #: "la visite d'un technicien"
_SPANISH_NEEDLESS = word_set("necesita necesitas hace")
_SPANISH_SUBJECTS, _SPANISH_ARE = word_set("todos todas los las"), word_set("son estan seran tienen cuestan permanecen")
_SPANISH_CAN = word_set("puede puedes podra podras")
_SO = word_set("available also only now currently closed open located required subject always not sold answered offered welcome")
_MODAL = word_set("must should will may cannot can")
_AFTER_MODAL = word_set("be bring have not need take apply cost call arrive receive expect vary remain contact provide pay allow")
_ARTICLES = word_set("a an the")
_IN_ADDITION = word_set("also always")


def states(tokens: list[Token], at: int) -> bool:
    """Whether a statement, or an order other than to press a key, begins here."""
    word, following = tokens[at].text, _text(tokens, at + 1)
    before = "" if at == 0 or tokens[at].gap == "." else tokens[at - 1].text
    if before in _WITHIN and not (before in ("and", "or") and word in _KINDLY):
        return False
    if before in _HEADS and not tokens[at].gap and (word in _OURS or word in ("the", "a", "an", "we", "you", "i")):
        return False
    if before and word in _SUBJECTS and _is_object(tokens, at):
        return False
    if before in _NUMBERS and word not in _WITHIN_OR_OPENERS and _is_so(tokens, at):
        return True
    if word == "you'll":
        behind = following in ("be", "hear", "get", "receive") and (before in _KEYS or before in HOMOPHONES)
        return behind or (following == "need" and before not in _OPENERS)
    if word == "let's":
        return bool(following)
    if word in _WE:
        return bool(following) and before not in _OPENERS
    if word == "you" and following == "have":
        return before not in _OPENERS and any(token.text in QUANTITIES for token in _breath(tokens, at)[1:4])
    if word == "you":
        needless = following == "don't" and _text(tokens, at + 2) in ("need", "have")
        return (following in _CAN or needless) and before not in _OPENERS and not tells_how(tokens, at)
    if word == "to":
        behind = before in _KEYS or before in HOMOPHONES
        return following == "be" and (_text(tokens, at + 2) in _HANDED or (behind and _is_done_to(_text(tokens, at + 2))))
    if word == "there's":
        return bool(following) and before not in _OPENERS
    if word == "hours" and before not in _OPENERS:
        return following in ("are", "of") and "are" in (following, _text(tokens, at + 3))
    if word in ("there", "it"):
        return following in _THERE and before not in _OPENERS
    if word == "enter":
        return (following in _OURS or following == "the") and before not in _OPENERS and before not in _BIDDEN_BY
    if word == "don't":
        return bool(before) and before not in _WHO and following in _FORBIDDEN
    if word in _KINDLY:
        return following in _DO or (following == "enter" and _text(tokens, at + 2) in _OURS)
    if word in _ORDERS:
        named = following == "from" and at > 1 and tokens[at - 2].text in _ARTICLES and not tokens[at - 1].gap  #: "a missed (call from us)"
        begins = (before not in _ORDERED_BY and not named) or (word in _BEHIND_KEYS and before in _NUMBERS)
        apart = bool(tokens[at].gap) and word != "do" and _lists(tokens, at)
        return following in _ORDERS[word] and bool(before) and not apart and begins
    if word == "and" and tokens[at].gap == "," and (following in _WE or (following in _DETERMINERS and _is_told(tokens, at + 1))):
        return True
    if word in ("then", "und", "et") and (before in _KEYS or before in HOMOPHONES or before == "taste") and not _is_all_of_name(tokens, at):
        then = word == "then" and following in _DO | _ERRANDS | _OURS | {"the"}
        bidden = following.endswith("en") and _text(tokens, at + 2) == "sie"
        if then or (word == "und" and bidden) or (word == "et" and _is_french_order(following, "then", _text(tokens, at + 2))):
            return True
    if word == "and" and following in _SOMEBODY and _is_told(tokens, at + 1):
        return True
    if word in _AND_THEN and (before in _KEYS or before in HOMOPHONES):
        errand = _is_errand(tokens, at) and not _is_all_of_name(tokens, at)
        if word == "and" and (errand or (following in _DETERMINERS and _is_told(tokens, at + 1))):
            return True
        return following in _AND_THEN[word]
    if word == "so" and (before in _KEYS or before in HOMOPHONES):
        return following == "that" or following in _WE
    if word in ("ist", "sind"):
        return bool(before) and before not in _IN_CLAUSE and any(token.text in _IN_CHARGE for token in _breath(tokens, at))
    if word == "or" and following == "leave" and _text(tokens, at + 2) in _TOWARDS:
        return _text(tokens, at + 3) in _LEFT_BEHIND
    if word == "or" and (before in _KEYS or before in HOMOPHONES) and following in _OTHER_WAYS:
        return True
    if word == "or":
        return _text(tokens, at + 2) in {"say": _WITHIN}.get(following, _TOWARDS if following in _INSTEAD else frozenset())
    if word == "ihr" and _text(tokens, at + 2) == "betrifft":
        return False
    if word == "wir" and following.endswith("en") and before not in _IN_CLAUSE and before != "damit":
        return True
    if word in _SAYS and before not in _IN_CLAUSE and (following in _SAYS[word] or (word in _HANG_UP and not following)):
        return True
    if word in _OWN and before not in _IN_CLAUSE:
        return any(token.text in _OWN[word] for token in _breath(tokens, at))
    if word == "por" and following == "favor":
        return _text(tokens, at + 2) in _SAYS and before not in _IN_CLAUSE
    if word in _SPANISH_ORDERS and before not in _IN_CLAUSE and before not in _FRENCH_ARTICLES:
        return bool(following)
    if word == "no" and before not in _IN_CLAUSE:
        return following in _SPANISH_NEEDLESS and bool(_text(tokens, at + 2))
    if word in ("el", "la") and before in _KEYS:
        return any(token.text == "es" for token in _breath(tokens, at)[1:])
    if word in _SPANISH_SUBJECTS and before not in _IN_CLAUSE:
        said = _breath(tokens, at)
        return any(token.text in _SPANISH_ARE for token in said[1:]) or _is_reflexive([token.text for token in said])
    if word == "en" and following == "cualquier":
        return _text(tokens, at + 3) in _SPANISH_CAN
    if _is_french_order(word, before, following):
        return True
    if word == "ou" and following == "rendez":
        return _text(tokens, at + 3) == "sur"
    if word in ("bitte", "veuillez"):
        return following in _SAYS or following in _NOTING
    return word in _DETERMINERS and before not in _OPENERS and _is_told(tokens, at)


def _is_done_to(word: str) -> bool:
    return word in _DONE or (word.endswith("ed") and len(word) > _SHORTEST_DEED)


def _is_errand(tokens: list[Token], at: int) -> bool:
    """ "(press 1) and follow the prompts", "(press 2) then enter the room number": what is done once the key has been pressed."""
    then = _text(tokens, at + 1) in ("then", "please")
    return _text(tokens, at + 1 + then) in (_DO | _ERRANDS | _OURS | {"the"} if then else _DO | _ERRANDS)


def _is_all_of_name(tokens: list[Token], at: int) -> bool:
    """ "Press 1 (and follow the prompts to pay)." is a sentence that says in no other words what its key is for."""
    start = next(index for index in range(at, -1, -1) if tokens[index].gap == "." or index == 0)
    end = next((index for index in range(at + 1, len(tokens)) if tokens[index].gap == "."), len(tokens))
    if at - start > _KEY_UPTO or tokens[start].text not in _KEY_VERBS:
        return False
    errand = {token.text for token in tokens[at + 1 : end]}
    return not errand.isdisjoint(_PURPOSES) and errand.isdisjoint(_PRESSING)


def _is_french_order(word: str, before: str, following: str) -> bool:
    """ "Portez un masque": the verb without its "vous"."""
    if not before or before in _IN_CLAUSE or (following == "vous" and word in _ASKED_OF_VOUS):
        return False
    return word.endswith("ez") and len(word) > _SHORTEST_DEED and word not in _NO_FRENCH_ORDERS and "'" not in word.removeprefix("n'")


def tells_how(tokens: list[Token], at: int) -> bool:
    """ "You can leave a message by pressing 5" states nothing but an option."""
    if tokens[at].text != "you" or _text(tokens, at + 1) not in ("can", "may"):
        return False
    ahead = (index for index in range(at + 2, min(at + _HOW_UPTO, len(tokens) - 1)) if tokens[index].text == "by")
    return any(tokens[index + 1].text.endswith("ing") for index in ahead)


def _lists(tokens: list[Token], at: int) -> bool:
    """ "To order checks, (visit a branch), or dispute a charge": one of several behind a comma, or the last one before a key."""
    upto = next((index for index in range(at + 1, len(tokens)) if tokens[index].gap), len(tokens))
    return upto == len(tokens) or tokens[upto].gap == ","


def _is_so(tokens: list[Token], at: int) -> bool:
    """ "(press 1) emergency crews are available …", "(press 1) new patients must bring …"."""
    if tokens[at].text.endswith("s") and _text(tokens, at + 1) in ("take", "cost", "start", "begin", "require"):
        return True
    for index in range(at + 1, min(at + 4, len(tokens) - 1)):
        if tokens[index].gap or tokens[index].text in _WITHIN_OR_OPENERS:
            return False
        if tokens[index].text in _MODAL:
            return tokens[index + 1].text in _AFTER_MODAL
        if tokens[index].text in ("are", "is"):
            several = tokens[index].text == "are" or (tokens[at].text.endswith("s") and tokens[at].text not in _THERE)  #: not "parts is 3"
            return tokens[index + 1].text in _SO or (several and tokens[index + 1].text not in _KEYS)
    return False


def _is_reflexive(words: list[str]) -> bool:
    """ "Los pedidos de hoy (se entregan) mañana"."""
    return any(word == "se" and following.endswith("n") for word, following in itertools.pairwise(words)) and "que" not in words


def _breath(tokens: list[Token], at: int) -> list[Token]:
    """What follows without a mark, as far as a subject reaches."""
    upto = next((index for index in range(at + 1, min(at + 1 + _UPTO, len(tokens))) if tokens[index].gap), min(at + 1 + _UPTO, len(tokens)))
    return tokens[at + 1 : upto]


def orders(tokens: list[Token], at: int) -> bool:
    """Whether an order other than to press a key begins here, in the middle of a sentence: "… leave the area"."""
    needs = tokens[at].text in ("you'll", "you") and "need" in (_text(tokens, at + 1), _text(tokens, at + 2))
    word = tokens[at].text
    ordered = needs or word in _ORDERS or word in _SAYS or word in _KINDLY or word == "don't" or word.endswith("ez")
    return ordered and states(tokens, at)


def _is_object(tokens: list[Token], at: int) -> bool:
    """An order wants one: "to check (your open orders)", "to tell us (it is urgent)", "to cancel an appointment (you can not keep)"."""
    before = [tokens[index].text for index in range(max(0, at - 3), at)]
    if before[-1] in _DETERMINERS and before[-1] not in _NUMBERS:
        return True  # "all these"
    if any(tokens[index].gap for index in range(max(1, at - len(before) + 1), at)):
        return False
    if before[-1] in _REPORTING or (before[-1] == "us" and before[-2:-1] and before[-2] in _TOLD_TO):
        return True
    if tokens[at].text not in _WE and before[-2:-1] == ["to"]:
        return True
    qualified = len(before) > 1 and before[-2] in _ARTICLES
    return qualified and tokens[at].text == "you" and _text(tokens, at + 2) not in _IN_ADDITION


def _is_told(tokens: list[Token], at: int) -> bool:
    """ "A nurse will …", "one of our agents will …", "this service is …"."""
    verbs = _WILL | _IS if tokens[at].text in _OURS or _text(tokens, at + 1) in _TOLD_OF else _WILL
    for index in range(at + 1, min(at + 1 + _UPTO, len(tokens))):
        if tokens[index].gap or tokens[index].text in _RELATIVE:
            return False
        if tokens[index].text in verbs and not (tokens[index].text in _NAMING and tokens[index - 1].text in _DETERMINERS - _SOMEBODY):
            return True
    return False


def _text(tokens: list[Token], at: int) -> str:
    return tokens[at].text if at < len(tokens) and not tokens[at].gap else ""
