"""Sentences of a menu that open like a label and yet are whole without a key: "If you'd like to write to us, our address is …"."""

from __future__ import annotations

import itertools

from call_engine.core.menus.key import Key
from call_engine.core.menus.openers import OPENING_VERBS, SAYING
from call_engine.core.menus.statements import orders, states
from call_engine.core.vocabulary.words import Token, word_set

_OPENERS = word_set("if for to when should in si para pour wenn falls fur")
_CONDITIONS = word_set("if to")
_GERMAN_IFS, _WHOM = word_set("wenn falls sofern um"), word_set("den denen")
_GERMAN_TOPICS = word_set("fur bei zu zum zur wegen")
_GERMAN_ORDERS = word_set("schreib schreibe ruf rufe besuch besuche nutz nutze schau geh melde")
_GERMAN_TOWARDS = word_set("uns in auf unsere unseren dich")
_BEGIN = word_set("if for")
_DO = word_set("do visit go check see call text email contact fax write send download use ring try ask dial enter hang switch turn unplug")
_AWAY = word_set("visit email download enter dial hang")  #: never begin a label that is listed after a comma
_WHERE = word_set("not nothing our us www online to at the it back again after before")
_KEY_VERBS = word_set("dial wahlen wahle composez faites marque llame appelez rufen")
_OR = word_set("or o ou oder")
_CALLS = word_set("call text email")
_TOWARDS = word_set("the your our us a an it")
_LEADS_ON = word_set("to or and can may will must should you we i would not don't for of by with the a an your our please")
_IS = word_set("is are was were will has must cannot can't son esta estan sera seran est sont sera seront ist sind wird werden")
_NO_SUBJECT = _OPENERS | word_set("is are was were do does did have has can will i my o y or and ou et und oder")
_IN_CLAUSE = word_set(
    "who that which whose whom if when where what how why because si que qui dont quand cuando donde wenn falls die der das den"
)
_INVITING = word_set("visit go ask remember follow join check")  #: "visit us at … for answers to common questions"
_ABOUT = word_set("about that")
_SAY = word_set("we you we'll we're you'll it's there")
_TELL = word_set("our this the it that your")
_ASKED = word_set("say enter dial call visit leave tell hang")
_AND = word_set("and then y et und")
_POLITE = word_set("please just simply first also and")
_ERRANDS = _DO | word_set("have call wait stop stay remain hang hold leave listen keep get make take be grab turn unplug gather write note")
_OFFER = word_set("ask can need will require may")
_WISHED, _SAID_THAT = word_set("if for to"), word_set("that says said say saying")
_VERBS = word_set("is are can will has have may must do was were")


def asides(tokens: list[Token], keys: list[Key], *, ended: bool) -> list[bool]:
    """For each token, whether it belongs to such a sentence. ``ended``: the last sentence has its mark."""
    taken = {index for key in keys for index in range(key.start, key.end)}
    after_keys = {key.end for key in keys if key.end < len(tokens) and _goes_on_in(tokens, key.end)}
    between = {key.end for key in keys} & {at for at, token in enumerate(tokens) if token.gap == "."}
    alone = {key.start for key in keys if key.end in between or key.end == len(tokens)}  #: ". Press 5."
    starts = [at for at, token in enumerate(tokens) if token.gap == "." or at == 0 or at in after_keys or _is_added(tokens, at)]
    masked = [False] * len(tokens)
    led = {key.start for key in keys}
    for start, end in itertools.pairwise([*starts, len(tokens)]):
        whole = end < len(tokens) or ended
        if tokens[end - 1].text in _AND and end in taken:
            continue  # "If you smell gas, leave the house and. Press 1 …"
        if whole and taken.isdisjoint(range(start, end)) and (told := _whole_from(tokens[start:end])) is not None:
            if start in after_keys and (_main_verb(tokens, start + told) not in _AWAY or _is_listed(tokens[start:end], told)):
                continue  # "press 1 for sales, we are open until 5", "press 1 to order checks, visit a branch, or dispute a charge"
            if told and end in alone:
                continue  # "… press 4. If you have found an animal, please do not touch it; press 5."
            upto = _label_within(tokens, start + told, end) if told and end in taken else end
            masked[start:upto] = [True] * (upto - start)
        elif whole and end not in led and taken.isdisjoint(range(start, end)) and _tells(tokens[start:end]):
            masked[start:end] = [True] * (end - start)
    return masked


def _tells(sentence: list[Token]) -> bool:
    """ "Calls to patient rooms are not put through after ten.": a sentence that says something of something."""
    words = [token.text for token in sentence]
    at = next((index for index, word in enumerate(words) if word in _IS), 0)
    if at == 0 or words[0] in _NO_SUBJECT or words[0] in OPENING_VERBS:
        return False
    return _IN_CLAUSE.isdisjoint(words[:at])


def _goes_on_in(tokens: list[Token], at: int) -> bool:
    """ "press 5 if …", "press 5, and if …"."""
    return _is_added(tokens, at) or (not tokens[at].gap and tokens[at].text in _CONDITIONS)


def _is_added(tokens: list[Token], at: int) -> bool:
    return tokens[at].gap == "," and tokens[at].text in ("and", "but") and at + 1 < len(tokens) and tokens[at + 1].text == "if"


def _label_within(tokens: list[Token], start: int, end: int) -> int:
    """ "If this is an emergency, hang up and dial 911 for animal control. Press 3 …": before a key a label may begin in the sentence."""
    return next((at for at in range(start + 2, end) if not tokens[at].gap and _begins_label(tokens, at)), end)


def _begins_label(tokens: list[Token], at: int) -> bool:
    if tokens[at].text == "to":
        return at + 1 < len(tokens) and tokens[at + 1].text in OPENING_VERBS
    return tokens[at].text in _BEGIN


def _main_verb(tokens: list[Token], at: int) -> str:
    return next((token.text for token in tokens[at : at + 2] if token.text not in _POLITE), "")


def _is_listed(sentence: list[Token], told: int) -> bool:
    return any(token.gap == "," and token.text in ("or", "and") for token in sentence[told + 1 :])


def is_said(words: list[str]) -> bool:
    """ "For anything else, say more options", "otherwise, enter your number": an answer is asked for, but by no key."""
    if words[0] in ("otherwise", "or"):
        words = [word for word in words[1:] if word not in _POLITE]
        return len(words) > 1 and words[0] in _ASKED
    return "say" in words[1:-1] and words[0] in _OPENERS


def without_remark(label: list[Token]) -> list[Token]:
    """ "To order a cake, we need two days, press 1": what is remarked within an option is no part of its name."""
    remarks = (at for at in range(2, len(label) - 2) if orders(label, at) or _is_remark(label, at))
    return _without_errand(_without_other_way(label[: next(remarks, len(label))]))


def _is_remark(label: list[Token], at: int) -> bool:
    """ ", our office is …", "if you're having trouble paying (we can help)", ", and if you came by bus, ask the driver"."""
    if label[at].gap == "," and label[at].text in ("and", "but") and label[at + 1].text == "if":
        return any(token.gap for token in label[at + 1 :])
    if label[at].gap == "," and label[at].text == "the" and not _is_listed(label, at):
        return any(token.text in ("is", "are") for token in label[at + 1 : at + 5])
    if _turns_to_german_order(label, at):
        return True
    if not states(label, at):
        return False
    if label[at].gap == ",":
        return label[at].text in _SAY or not _is_listed(label, at)
    if label[at].text == "you":
        return label[0].text in _WISHED and label[at + 1].text in ("can", "may") and label[-1].text in ("or", "and")
    return label[0].text == "if" and label[at].text == "we" and label[at + 1].text in _OFFER and label[at - 1].text not in _SAID_THAT


def _turns_to_german_order(label: list[Token], at: int) -> bool:
    """ "wenn Sie nicht warten möchten, (rufen wir Sie zurück)", "für eine Meldung (nutzen Sie unser Formular oder)"."""
    towards = label[at + 1].text
    verb_first = label[at].text.endswith("en") and label[at].text not in _WHOM and towards in ("wir", "sie")
    if not verb_first and not (label[at].text in _GERMAN_ORDERS and towards in _GERMAN_TOWARDS):
        return False
    if label[0].text in _GERMAN_IFS:
        return label[at].gap == ","
    return label[0].text in _GERMAN_TOPICS and label[at - 1].text not in _AND | _OR


def _without_other_way(label: list[Token]) -> list[Token]:
    """ "For repairs, submit a request online or (press 3)", "for a refund, call the shop": what else can be done than pressing."""
    instead = len(label) > 3 and label[-1].text in _OR
    along = len(label) > 3 and label[-1].text == "and"  #: "(press 6) once you have the number"
    end = len(label) - instead - along
    for at in range(_last_joint(label, end) + 1, end):
        last = bool(label[at].gap) and not any(token.gap for token in label[at + 1 : end])
        begins = label[at].text in _ERRANDS or (instead and (last or label[at].text in OPENING_VERBS | _KEY_VERBS))
        towards = label[at + 1].text if at + 1 < end else ""
        if not begins or at < 2:
            continue
        if label[at].gap == "," and not along and label[at - 1].text not in SAYING and (instead or towards in _TOWARDS):
            return label[:at]
        unmarked = instead or (along and not label[at].gap)
        if unmarked and label[at - 1].text not in _LEADS_ON and (towards in _TOWARDS or label[at].text in _CALLS | _KEY_VERBS):
            return label[:at]
    return label


def _last_joint(label: list[Token], end: int) -> int:
    """Where what is listed last begins."""
    return next((at for at in range(end - 1, 1, -1) if label[at].text in ("or", "and")), 1)


def _without_errand(label: list[Token]) -> list[Token]:
    """ "For a home visit, call before ten and press 4": what else is to be done is no part of the name either."""
    if len(label) < 4 or label[-1].text not in _AND:
        return label
    end = len(label)
    for at in range(end - 1, 1, -1):
        if label[at].gap == ",":
            errand = next((token.text for token in label[at:end] if token.text not in _POLITE), "")
            if errand and errand not in _ERRANDS:
                break
            end = at if errand else end
    return label[:end]


def _whole_from(sentence: list[Token]) -> int | None:
    """Where the main clause of a whole sentence begins."""
    if is_said([one.text for one in sentence]):
        return 0
    if sentence[0].text in _INVITING and len(sentence) > 2 and sentence[1].text in _WHERE | _ABOUT:
        return 0
    if sentence[0].text not in _OPENERS and not (sentence[0].text in ("and", "but") and sentence[1:] and sentence[1].text == "if"):
        return None
    clauses = (at for at, token in enumerate(sentence) if at > 1 and token.gap == ",")
    return next((at for at in clauses if _main_clause([one.text for one in sentence[at:]])), None)


def _main_clause(words: list[str]) -> bool:
    asked = words[0] in ("please", "just", "simply")
    words = words[asked:]
    if len(words) < 2 + (not asked):
        return False
    if words[0] in _DO:
        return asked or words[0] in _AWAY or words[1] in _WHERE or words[1].isdigit()
    return asked or words[0] in _SAY or (words[0] in _TELL and not _VERBS.isdisjoint(words))
