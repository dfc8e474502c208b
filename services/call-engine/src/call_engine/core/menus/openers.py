"""Where the name of an option may open: "for …", "if …", "to report …", "are you …", "say …", "en caso de …"."""

from __future__ import annotations

import itertools
from collections.abc import Set as AbstractSet

from call_engine.core.menus.departments import DEPARTMENTS
from call_engine.core.menus.statements import tells_how
from call_engine.core.vocabulary.languages import MENU_WORDS
from call_engine.core.vocabulary.number_words import KEYS
from call_engine.core.vocabulary.words import Token, word_set

_OPENED_BEFORE = 6
_JOINED_UPTO = 10
_EXAMPLE = 6  #: words of "such as …" before a "for" of its own
_IFS = word_set("if si wenn falls")
STARTERS = frozenset(word for words in MENU_WORDS.values() for word in words.starters) | word_set("regarding concerning")
CONJUNCTIONS = word_set("or and o y ou et oder und")
SAYING = word_set("say diga di dites")
_KEYED = frozenset(itertools.chain(("or", "o", "ou", "press"), itertools.chain.from_iterable(KEYS.values()))) - word_set("un una une ein")
NUMBERS = frozenset(itertools.chain.from_iterable(KEYS.values())) - word_set("o oh un una une ein")
OPENING_VERBS = word_set(
    "be stay hold speak hear repeat return go talk reach leave listen get start have open make check report pay file change cancel "
    "add schedule order track book request refill stop update activate reset place find apply confirm renew join buy learn upgrade "
    "replace set sign send use continue transfer move redeem verify discuss review manage increase dispute arrange extend submit rent "
    "reschedule register keep receive ask tell see access obtain remove correct locate exchange enroll subscribe unsubscribe donate "
    "volunteer opt claim amend accept decline refuse save delete reserve purchase sell close unlock recover reconnect disconnect "
    "switch turn drop pick inquire enquire contact connect enter complete download replay skip know give take view edit modify run "
    "restart test invite hire resume resolve settle appeal chat call text email mail fax print copy exit end quit begin pause "
    "postpone delay qualify log retrieve require describe explore browse shop trade deposit withdraw borrow invest insure lodge raise "
    "notify inform let allow enable disable block unblock freeze protect share post collect deliver ship forward redirect adjust fix "
    "repair install configure pair troubleshoot compare estimate bid refund waive reduce lower convert combine link consolidate "
    "refinance serve visit tour watch play retire bring charge release restore inspect clean rebook drive fly travel lock page search "
    "select certify recertify nominate advertise surrender deactivate reactivate authorize authorise plan plead vote adopt foster groom "
    "compliment complain comment commend sponsor pledge contribute wire remit trace lease sublet evict reinstate endorse reimburse "
    "cash void preregister fill audit appraise tow diagnose reprogram sync reboot escalate translate notarize petition expunge "
    "observe mute waitlist preorder admit discharge license reclaim reissue reopen reorder resubmit suspend terminate validate attend "
    "form swap prepay expedite initiate proceed acknowledge rate queue relocate enrol object"
)
_WISHING = word_set(
    "like want need wish prefer able going have trying here ready looking calling how what when where whom used unable attempt "
    "deadline places things required allowed happy pleased glad proud about ask asked asking wishing"
)
_TO_DO = word_set("register learn try ask apply agree choose opt volunteer qualify arrange")  #: … to
_SEEKING = word_set("looking ask asking searching applying applied paying paid seeking asked registering registered")  #: … for
_ADDRESSED, _ADDRESSING = word_set("question questions message messages"), word_set("for with have")  #: … for somebody
_FINDING_OUT = word_set("check know see ask out sure verify confirm determine saber consultar verificar confirmar savoir verifier")  #: … if
_ASKING_SIE = word_set(
    "mochten wollen wunschen benotigen brauchen haben sind suchen planen interessieren vermissen erwarten besitzen hatten waren "
    "wurden befinden kennen mussen stehen wohnen leben"
)
#: "ist ihr internet ausgefallen", "wurde ihre zeitung nicht geliefert"
_ASKING_FIRST = word_set("ist wurde wurden wird hat haben geht funktioniert fehlt handelt")
_VERB_FIRST = word_set("lasst lauft liegt kommt zeigt stimmt sollte")  #: "läuft Ihr Vertrag aus", but not "(es) lässt sich öffnen"
_ASKING_DU = word_set("hast hattest willst mochtest bist warst brauchst suchst benotigst")
_TONGUES = word_set("deutsch englisch franzosisch italienisch spanisch turkisch russisch polnisch")  #: "sprechen sie deutsch"
_ASKING_FIRST_ES = word_set("quiere quieres desea deseas necesita necesitas tiene tienes busca buscas prefiere prefieres")
_JOINED_TOPICS = word_set("zum zur bei")
_SUBJECTS = word_set("es er man das")
_NO_TOPICS = word_set("beispiel ersten")  #: "zum Beispiel", "zum ersten Mal"
_ASKED_OF = word_set("ihr ihre ihrem ihnen es sich etwas")
_ASKING_VOUS = word_set("avez souhaitez voulez desirez cherchez etes rencontrez appelez")
_WITHIN_CLAUSE = word_set(
    "si que qui dont quand lorsque comme o chez vous wenn falls sofern die das der den dem was wo wie wann ob dass drucken wahlen pouvez"
)
ASKING_OF = word_set("is has does was")  #: "is your appliance under five years old?"
_ASKING = {
    **dict.fromkeys(("are", "do", "have", "did", "would"), word_set("you")),
    **dict.fromkeys(ASKING_OF, word_set("your it this that")),
    **dict.fromkeys(_ASKING_SIE, word_set("sie")),
    **dict.fromkeys(_ASKING_VOUS, word_set("vous")),
    **dict.fromkeys(_ASKING_DU, word_set("du")),
}  #: "are you a tenant press 1"
_STATED_OF_VOUS = word_set("pouvez devez trouverez serez recevrez")
_WITHIN_VOUS = _WITHIN_CLAUSE | word_set("et ou si pour de a vous nous que ne votre rendez appelez chez sur en lequel laquelle car")
_GERMAN_VERBS = MENU_WORDS["de"].verbs
_OR, _PURPOSES = word_set("or o ou oder"), word_set("for to")
_AMONG = word_set("and of for with to or from by")
_IN_CASE = {
    "en": word_set("cas caso"), "au": word_set("sujet"), "im": word_set("notfall"), "fragen": word_set("zu zur zum nach rund"),
}  # fmt: skip
_OBJECTS = word_set("us me you someone somebody anyone him her them")  #: "would like us to call you", "need someone to come out"
_ASKED_TO = word_set("like want need prefer asked ask allow tell told wants needs require expect")
_ASKED_HOW = word_set("what who when where why how which whom and or sie vous")
_WITHIN_QUESTION = _ASKED_HOW | _WITHIN_CLAUSE


class Openers:
    """Of one text. ``key_ends``: where its keys end; ``marked``: a comma stands before its first key."""

    def __init__(self, tokens: list[Token], noise: list[bool], key_ends: AbstractSet[int], *, marked: bool) -> None:
        self._tokens, self._noise, self._key_ends, self._marked = tokens, noise, key_ends, marked
        self._answers_yes = any(token.text == "yes" for token in tokens)  #: … to a question that is no name of a key

    def at(self, at: int, *, after_key: bool = False) -> bool:
        """Whether one opens at this token; ``after_key``: right behind a key."""
        word = self._tokens[at].text
        following = self._tokens[at + 1].text if at + 1 < len(self._tokens) else ""
        if word == "all" and following == "others":
            return at == 0 or self._tokens[at - 1].text not in _AMONG
        if (word in _IFS and self._is_joined(at)) or (word in CONJUNCTIONS and following in _IFS and self._is_joined(at + 1)):
            return False
        if word in CONJUNCTIONS and following in _PURPOSES and self._is_listed(at):
            return False
        if word in _PURPOSES and at and self._tokens[at - 1].text in CONJUNCTIONS and self._is_listed(at - 1):
            return False
        if word in ("und", "oder") and following in _JOINED_TOPICS and not self._tokens[at].gap and at not in self._key_ends:
            return False  # "Fragen zur Behandlung (oder zum Verletztengeld)"
        if word in SAYING or (word in CONJUNCTIONS and (following in STARTERS or following in SAYING)):
            return following not in _KEYED
        if word == "sagen":
            return following == "sie"
        if word == "sprechen" and following == "sie" and at + 2 < len(self._tokens):
            return self._tokens[at + 2].text in _TONGUES
        if word in _ASKING_FIRST and following in _ASKED_OF:
            return at == 0 or bool(self._tokens[at].gap) or self._tokens[at - 1].text not in _WITHIN_QUESTION
        if word in _ASKING_FIRST_ES:
            return self._tokens[at].gap == "."
        if word in _VERB_FIRST and following in _ASKED_OF:
            return self._may_open(at) and (at == 0 or self._tokens[at - 1].text not in _WITHIN_QUESTION | _SUBJECTS)
        if word == "um" and at and (at + 1 == len(self._tokens) or self._tokens[at + 1].gap or following in _GERMAN_VERBS):
            return False  # "(ziehen sie) um, drücken Sie die 3"
        if word == "vous" and at and following.endswith("ez") and following not in _STATED_OF_VOUS:
            return bool(self._tokens[at].gap) or self._tokens[at - 1].text not in _WITHIN_VOUS
        if word == "vous" or (word == "sie" and self._may_open(at)):
            clause = at > 0 and not self._tokens[at].gap and self._tokens[at - 1].text in _WITHIN_QUESTION
            return following in (_ASKING_VOUS if word == "vous" else _ASKING_SIE) and not clause
        if word == "du" and following in _ASKING_DU:
            return at == 0 or self._tokens[at - 1].text not in _WITHIN_QUESTION
        if word in ASKING_OF:
            return following in _ASKING[word] and not self._answers_yes and self._may_open(at)
        if word in _ASKING:
            return following in _ASKING[word] and (at == 0 or bool(self._tokens[at].gap) or self._tokens[at - 1].text not in _ASKED_HOW)
        if word == "you" and following in ("can", "may"):
            return tells_how(self._tokens, at)
        if word == "zum" and following in _NO_TOPICS:
            return False
        if word in ("zum", "zur", "por", "regarding", "concerning"):
            named = word == "zur" and following.endswith("ung") and self._may_open(at)
            return named or after_key or at == 0 or bool(self._tokens[at].gap)
        if word in _IN_CASE:
            return following in _IN_CASE[word] and self._may_open(at)
        if word == "for" and at and not self._tokens[at].gap and (self._tokens[at - 1].text in _SEEKING or self._is_price(at, following)):
            return False
        if word == "for" and at and not self._tokens[at].gap and (self._names_what(at - 1) or self._is_in_example(at)):
            return False
        if word in ("if", "si") and at and not self._tokens[at].gap and self._tokens[at - 1].text in _FINDING_OUT:
            return False
        if word != "to":
            return word in STARTERS
        if at == 0 and following not in OPENING_VERBS and not self._marked:
            return False  # "(welcome) to …"
        if after_key or self._tokens[at].gap or at == 0 or self._noise[at - 1]:
            return True
        if self._tokens[at - 1].text in _TO_DO and at > 1 and self._tokens[at - 2].text == "to":
            return False  # "to register (to vote)"
        return following in OPENING_VERBS and self._tokens[at - 1].text not in _WISHING and not self._is_asked_of(at)

    def _names_what(self, at: int) -> bool:
        """ "Tickets (for the county fair), press 1", "for questions (for the pharmacist)": the name goes on."""
        if self._tokens[at].text in _ADDRESSED and at and not self._tokens[at].gap and self._tokens[at - 1].text in _ADDRESSING:
            return True
        return self._tokens[at].text in DEPARTMENTS and (at == 0 or self._tokens[at].gap == ".") and self._tokens[at].text[-1] == "s"

    def _is_in_example(self, at: int) -> bool:
        """ "repairs, such as a part (for a boiler), press 1": it belongs to what is named as one of many."""
        for before in range(at - 1, max(0, at - _EXAMPLE), -1):
            if before in self._key_ends or self._tokens[before].gap == ".":
                return False
            if self._tokens[before].text == "as" and self._tokens[before - 1].text == "such":
                return True
        return False

    def _is_price(self, at: int, following: str) -> bool:
        """ "a special for $39.95"."""
        return following.isdigit() and len(following) > 1 and at not in self._key_ends and not self._noise[at - 1]

    def _is_listed(self, at: int) -> bool:
        """ "to plan a trip (or for) the next bus at your stop": both purposes are one label, if the first has begun in this breath."""
        if self._tokens[at].gap or self._tokens[at].text not in _OR:
            return False
        for before in range(at - 1, max(-1, at - 1 - _JOINED_UPTO), -1):
            if before + 1 in self._key_ends or self._noise[before]:
                return False
            if self._tokens[before].text in _PURPOSES and self.at(before):
                return self._tokens[before].text != "to" or self._tokens[before + 1].text in OPENING_VERBS
            if self._tokens[before].gap:
                return False
        return False

    def _is_joined(self, at: int) -> bool:
        """ "si perdió su tarjeta (o si) se la robaron": both conditions are one label."""
        if at < 1 or self._tokens[at - 1].text not in CONJUNCTIONS or self._tokens[at].gap:
            return False
        for before in range(at - 2, max(-1, at - 2 - _JOINED_UPTO), -1):
            if before + 1 in self._key_ends or self._tokens[before + 1].gap == ".":
                return False
            if self._tokens[before].text == self._tokens[at].text:
                return True
        return False

    def _is_asked_of(self, at: int) -> bool:
        """ "(you would like us) to call you back"."""
        return at > 1 and self._tokens[at - 1].text in _OBJECTS and self._tokens[at - 2].text in _ASKED_TO and not self._tokens[at - 1].gap

    def _may_open(self, at: int) -> bool:
        return at == 0 or bool(self._tokens[at].gap) or self._noise[at - 1] or self._stands_first(at)

    def _stands_first(self, at: int) -> bool:
        """No label has been opened shortly before: "help in case of a breakdown" is one."""
        before = max([at - _OPENED_BEFORE, 0, *(end for end in self._key_ends if end <= at)])
        return not any(self._tokens[earlier].text in STARTERS and not self._noise[earlier] for earlier in range(before, at))
