"""Words of a recorded menu that name no key: greetings, notices, opening hours, what to do in an emergency."""

# ruff: noqa: E501

from __future__ import annotations

import itertools
import re

from call_engine.core.menus.statements import states
from call_engine.core.vocabulary.languages import MENU_WORDS
from call_engine.core.vocabulary.number_words import HOMOPHONES, KEYS
from call_engine.core.vocabulary.words import Token, join, word_set

_KEYED = frozenset(str(digit) for digit in range(10)).union(*KEYS.values()) | word_set("* #")
_VERBS = frozenset(itertools.chain.from_iterable(words.verbs for words in MENU_WORDS.values()))
_STARTERS = frozenset(itertools.chain.from_iterable(words.starters for words in MENU_WORDS.values()))
_LEADING = word_set("for to")
_AWAY = word_set("visit go see check download")
_WITH = word_set("to or and also can may please hang")

_DIGITS = ["zero", "oh", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
_CLOCK = r"(?:\d{1,2}|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|noon|midnight)(?: (?:thirty|fifteen|\d\d))?(?: (?:am|pm|a m|p m|o'clock))?"
_UHR = r"(?:\d{1,2}|sechs|sieben|acht|neun|zehn|elf|zwolf|dreizehn|vierzehn|funfzehn|sechzehn|siebzehn|achtzehn|neunzehn|zwanzig)"
_DAY = (
    r"(?:monday|tuesday|wednesday|thursday|friday|saturday|sunday|weekdays|weekends|lunes|martes|miercoles|jueves|viernes|sabado|domingo)s?"
)
_COUNT = r"(?:\d+|one|two|three|four|five|six|seven|eight|nine|ten|uno|dos|tres|cuatro|cinco|deux|trois|quatre|zwei|drei|vier)"
_QUEUED = (
    rf"(?:you(?:'re| are)(?: (?:now|currently))?(?: caller)?(?: number)? {_COUNT}(?= in (?:the |this )?(?:line|queue))"
    rf"|you(?:'re| are)(?: (?:now|currently))? (?:caller )?number {_COUNT}|you(?:'re| are)(?: (?:now|currently))? caller {_COUNT}"
    rf"|your (?:place|position) (?:in (?:the )?(?:line|queue) )?is(?: (?:now|currently))?(?: number)? {_COUNT})"
    rf"|there (?:is|are)(?: (?:now|currently))? {_COUNT} (?:callers?|calls?|people|persons?)(?: (?:ahead|in front|before)(?: of)?(?: you)?)?"
)

_PATTERNS = (
    # greetings
    r"(?:hi|hello|hey)(?: there)?(?: and)?(?= (?:welcome|thank|thanks|you|this|before|you've))|(?:and )?good (?:day|morning|afternoon|evening)(?: and)?",
    r"(?:thank you|thanks)(?: (?:very much|so much))?(?: for (?:[a-z]+ing(?: with| to| us at)?|your (?:call|patience|interest|business|support|loyalty)(?: in [a-z']+)?))?",
    r"^(?:you )?(?:and )?for (?:calling|choosing|contacting|reaching|phoning|banking with|trusting)|^you for [a-z]+ing|^for [a-z]+ing with(?= )(?! (?:(?!for |to |if )[a-z']+ ){1,5}?(?:please )?press )",
    r"(?:hello |hi )?(?:and )?welcome(?: back)?(?: aboard)?(?: to(?: the)?)?|^to the(?= [a-z]+ (?:line|center))",
    r"you(?: have|'ve) (?:reached|called)(?: the)?|you(?:'re| are) through to|it's a (?:great|beautiful) day at",
    r"(?:muchas )?gracias(?: por (?:llamar|comunicarse|elegir|su llamada|contactar))?(?: (?:a|con))?|bienvenid[oa]s?(?: (?:a|al))?|hola",
    r"usted se ha comunicado con|^por (?:llamar|comunicarse)(?: a| con)?|(?:buenos dias|buenas tardes)",
    r"merci(?: (?:d'avoir (?:choisi|appele)|d'appeler|de votre appel|pour votre appel))?|^d'(?:avoir (?:appele|choisi)|appeler)",
    r"(?:bonjour )?(?:et )?(?:bienvenue)(?: (?:chez|a(?: la)?|au))?|bonjour|bonsoir|vous etes (?:bien )?(?:a(?: la)?|aux?|dans|chez|en (?:communication|relation|contact|ligne) avec)|vous avez (?:bien )?(?:joint|appele)(?: (?:le|la|les))?",
    r"(?:a votre ecoute)|(?:herzlich )?willkommen(?: (?:bei(?: der| dem)?|beim|im|in der))?|(?:schonen )?guten (?:tag|morgen|abend)(?: (?:bei(?: der| dem)?|beim)(?! [a-z]*(?:notf|lebensb|medizin|akut)))?|hallo(?: und)?",
    r"(?:(?:vielen |herzlichen )?dank|danke)(?: (?:fur ihre (?:geduld|treue)|fur ihr (?:verstandnis|interesse|vertrauen)|fur ihren anruf(?: (?:bei(?: der| dem)?|beim|im|in der))?|dass sie))?|sie haben(?= .{3,40} erreicht)|sie haben (?:(?!drucken )[a-z0-9]+ ){1,7}?gewahlt|gewahlt haben|erreicht(?= |$)|sie sind (?:hier )?mit (?:(?!drucken )[a-z0-9]+ ){1,7}?verbunden|sie sind verbunden mit",
    # notices
    r"(?:(?:this|your|the|all|our) )?(?:calls?|conversations?) (?:may|will|might|can|is|are)(?: also)?(?: be(?:ing)?)? (?:recorded|monitored)(?: (?:or|and) (?:recorded|monitored))?"
    r"(?: for (?:your |our )?(?:quality|training|security|protection)(?: (?:and|or|quality|training|assurance|security|control|purposes|reasons))*)?",
    r"for (?:quality|training|security)(?: (?:and|or|quality|training|assurances?|security|control|purposes|reasons))*(?= (?:this|your|calls?|the|we|all|please enter)(?: |$))",
    r"for (?:quality|training|security)(?: (?:and|or|quality|training|assurances?|security|control|purposes|reasons))+$",
    r"(?:to help us (?:improve|serve you better)(?: we)?(?: may| will)?(?: record)?(?: this call| calls)?)|we may record (?:this call|calls)(?: (?:to(?: help)?(?: us)? (?:train|coach|monitor|check|improve)|for training)(?: (?:our|the))?(?: (?:staff|team|teams|agents|people|service|quality))?)?",
    r"(?:su|esta) llamada (?:puede|podra|sera)(?: ser)? grabada|(?:cet|votre) appel (?:peut|pourra|est|sera)(?: etre)? enregistre"
    r"|zu[rm]? (?:[a-z]+ und )?(?:verbesserung|sicherung|optimierung|wahrung|kontrolle|schulung|training|qualitat|dokumentation)[a-z]*"
    r"(?: (?!drucken |wahlen )[a-z]+){1,9}? (?:aufgezeichnet|mitgehort|auf)(?: werden)?"
    r"|(?:wenn|falls|sofern|sollten) sie (?:damit|dies|das|dem|der aufzeichnung|hiermit) nicht (?:einverstanden sind|wunschen|zustimmen)"
    r" (?:teilen|sagen|geben) sie(?: (?!drucken )[a-z]+){1,7}? (?:mit|bescheid|mitarbeiter|mitarbeiterin|berater|gesprachspartner)"
    r"|(?:(?:afin (?:de )?(?:d')?|pour )(?:ameliorer|garantir|assurer|optimiser|controler|des raisons|des besoins|des fins) (?:(?!tapez |pour )[a-z']+ ){1,9}?)?(?:cet|cette|votre|vos|les|nos) "
    r"(?:appels?|conversations?|communications?|echanges?)(?: telephoniques?)? (?:est|sont|peut|peuvent|pourra|pourront|sera|seront)"
    r"(?: susceptibles? d'etre| amenee?s? a etre| etre)? (?:enregistree?s?|ecoutee?s?)"
    r"|si vous (?:ne (?:souhaitez|voulez|desirez) pas (?:etre|que cet appel soit) enregistree?s?|(?:vous )?y opposez|n'etes pas d'accord|le refusez) (?:dites le|merci de le|veuillez le|signalez le|precisez le|indiquez le)"
    r"(?: (?!tapez |pour )[a-z']+){1,5}? (?:conseillere?|interlocuteur|correspondant|operateur|agent)"
    r"|dieses gesprach (?:kann|wird)(?: .{0,30}?)? aufgezeichnet(?: werden)?",
    r"(?:please )?listen (?:carefully|closely|to (?:the|all|our) (?:following|options|choices|entire))(?: (?:message|menu|options|choices))*"
    r"(?: (?:(?:as|to|because|since) )?(?:some of our|all of our|our|the|these|following)(?: (?:menu|phone))?(?: (?:options?|choices|menu|prompts?))?"
    r"(?: (?:have|has|are|is)(?: recently| all)?(?: changed| new| different| been updated))?)?",
    r"(?:por favor )?escuche (?:con atencion|atentamente|cuidadosamente)(?: (?:todas )?(?:las|nuestras)(?: siguientes)? opciones)?"
    r"(?: (?:ya que|porque|pues) (?:nuestro|el|las|nuestras|algunas de nuestras) (?:menu|opciones) (?:ha|han) cambiado)?",
    r"(?:veuillez )?ecouter attentivement(?: (?:le menu|les options)(?: suivante?s?)?)?(?: car (?:nos options ont|notre menu a) change)?",
    r"(?:bitte )?horen sie (?:bitte )?(?:aufmerksam|gut) zu(?: (?:da|weil) sich unser(?:e)? (?:menu|optionen) geandert (?:hat|haben))?",
    r"(?:as )?(?:our|the|some of our) (?:menu |phone )?(?:menu|options|choices)(?: have| has| are| is)(?: recently| all| a little| a bit| slightly)?(?: changed| new| different)(?: today)?(?: so)?",
    r"(?:please )?have a listen(?: first)?|(?:please )?say (?:it|so) (?:now|at any ?time)(?: or press the number)?",
    r"(?:please )?(?:enter or say|say or enter|enter|say) one of the following(?: (?:options|choices))?|(?:and )?then (?:dial|enter) (?:the|your)(?: [a-z']+){1,3} (?:number|extension|code)",
    r"(?:please )?(?:choose|select|pick|make a selection)(?: one)?(?: from| of)?(?: (?:the|one of the))? following(?: (?:options|menu|choices|list))*",
    r"(?:(?:and )?(?:please )?(?<!don't )(?<!not )(?:(?<!if you )have your|(?<!you )have the) .{3,30}? (?:ready|handy|available|(?:to|at|on) hand|nearby|with you|in front of you))|(?:(?:otherwise )?(?:please )?make your selection (?:now|at any ?time))|(?:you (?:may|can) make your selection at any time)|before we start|now which of these best describes your call",
    r"let's get you to the right place|which of these best describes your call|how (?:can|may) (?:we|i) (?:help|assist|direct)(?: you| your call)?(?: today)?",
    r"(?:you can |please )?(?:also )?visit(?: us)?(?: at| online at)?(?: our (?:website|web site|mobile app)| www \S+ com| \S+ dot com| us)"
    r"|(?:manage your account online)|(?:did you know)|www \S+ com|www[a-z]+|\S+ dot com",
    r"for (?:hours|faster service|quicker service)(?: and locations)?(?= (?:visit|go to|please visit))",
    r"(?:veuillez )?choisi(?:r|ssez) (?:une|l'une des|parmi les) options?(?: suivantes)?|(?:por favor )?(?:elija|escoja|seleccione) una(?: de (?:las|estas))?(?: siguientes)? ?opci(?:on|ones)(?: siguientes)?",
    r"if you are a patient or calling on behalf of a patient|hold times (?:may|are|can) be .{0,12}?(?: this morning| today| now)?",
    r"(?:all of )?our prices are in dollars|to continue in english(?: please)? (?:wait|hold|stay on the line)|^(?:the )?main menu",
    r"please note(?: that)?|our offices will be closed(?: on)?|(?:january|february|march|april|may|june|july|august|september|october|november|december) (?:\d+|one|two|three|four|five|six|seven|eight|nine|ten)"
    r"|ok(?:ay)?(?= [a-z]+ press)|llamaste a|por (?:elegir|llamar|comunicarse)|ask (?:us )?about(?: our)?(?: (?:\d+|two|three|four) for (?:\d+|one|two|three)(?: (?:special|deal|offer)s?(?: on [a-z]+s)?)?)?|what can we do for you|(?:just )?say what you need(?: or choose from these)?",
    # places in a queue
    rf"(?:and )?(?:you(?: will|'ll) (?:keep|not lose) your place(?: in (?:the )?(?:line|queue))?)|{_QUEUED}(?: in (?:the |this )?(?:line|queue))?",
    rf"(?:usted )?es el numero {_COUNT}(?: en la (?:fila|cola|linea))?|vous etes (?:le )?numero {_COUNT}|sie sind (?:die )?nummer {_COUNT}",
    r"(?:^have|you (?:have|can choose from)) (?:\d+|two|three|four|five|six|seven) (?:choices|options)|(?:the )?following (?:\d+|two|three|four|five|six|seven) (?:choices|options)",
    r"and (?:the|an?|our|one of our|someone|somebody|we)(?: [a-z']+){0,3} will (?:pick up|be (?:right )?with you|help you|assist you|answer|take your call|call you back)(?: (?:shortly|soon|right away))?",
    r"please hold while (?:i|we) (?:transfer|connect) (?:you|your call)",
    # why one is asked
    r"(?:so(?: that)? we (?:can|may)|(?:in order )?to(?: help)? (?:better|best)|to help us(?: to)?(?: better| best)?|in order to|to(?= (?:route|direct|connect|send|transfer|get|ensure|make sure) you(?:r call)? ))"
    r" (?:(?:better |best )?(?:serve|assist|help|send|direct|route|connect|transfer|handle|get|put|process|ensure|make sure)) (?:you|your call|all calls|our callers|your request)"
    r"(?: (?:is|better|faster|more (?:quickly|efficiently)|quickly|promptly|properly|correctly|efficiently|directed|handled|through))*"
    r"(?: to the (?:right|correct|appropriate|best|proper) (?:person|team|place|department|agent|area|representative|people|specialist|party))?",
    r"(?:afin de|pour) (?:mieux )?(?:traiter votre (?:demande|appel)|vous (?:orienter|repondre|diriger|servir|aider))(?: [a-z']+){0,6}? (?:(?:merci de|veuillez) (?:faire|indiquer|preciser)|faites|indiquez|precisez) votre (?:choix|demande)(?: parmi les (?:propositions|options|choix) suivante?s?)?",
    r"para (?:poder )?(?:(?:brindarle|ofrecerle|darle) un mejor servicio|(?:atenderle|atenderlo|servirle|ayudarle)(?: a usted)? mejor|(?:dirigir|canalizar|transferir) su llamada(?: [a-z]+){0,4}?(?= (?:por favor|elija|seleccione|escoja|oprima|marque|pulse)))",
    r"damit wir (?:sie|ihnen|ihr anliegen)(?: [a-z]+){0,7}? (?:konnen|verbinden)|um sie(?: [a-z]+){0,5}? (?:zu verbinden|verbinden zu konnen|weiterzuleiten)",
    r"for (?:your (?:convenience|protection|security|safety|information)|faster (?:service|assistance)|quality control)",
    r"por su (?:seguridad|comodidad|proteccion|tranquilidad)",
    r"pour votre (?:securite|confort)",
    r"zu ihrer sicherheit",
    r"while you(?:'re| are)? (?:wait|waiting|hold|holding)",
    # hours
    rf"(?:(?:our |office |business |store )?(?:(?:office|business|call center|regular) )?(?:hours )?(?:are |is )?(?:open )?(?:from )?)?{_CLOCK} (?:to|until|till|through|-) {_CLOCK}",
    rf"between {_CLOCK} and {_CLOCK}(?: (?:daily|only|each day))*|von {_UHR} bis {_UHR} uhr|(?:wir )?sind (?:wir )?(?=von)|(?:wir )?fur sie da|de {_UHR} (?:h(?:eures)?|horas) a {_UHR} (?:h(?:eures)?|horas)",
    rf"{_DAY}(?: (?:through|to|and|thru|until|a) {_DAY})?|(?:24|twenty four) hours(?: a day)?|(?:7|seven) days(?: a week)?|our hours are",
    r"seit (?:uber )?\d+ jahren",
    r"desde hace (?:mas de )?\d+ anos",
    r"depuis (?:plus de )?\d+ ans",
    r"(?:for|over) (?:over )?\d+ years|closed (?:on [a-z]+ )?(?:for|in observance of) (?:the )?[a-z]+(?: [a-z]+)? (?:day|holiday|holidays|weekend)|open (?:24|seven|7)\b(?: days| hours)?(?: a (?:day|week))?",
    # emergencies and extensions
    r"(?:for|in case of|in an?|if (?:this|it|you)(?: is|'re| are| have| has)(?: (?:a|an|having an?|experiencing an?))?)(?: (?:a|an|any|true|life threatening|medical))*"
    r" emergenc(?:y|ies)(?: (?:please )?hang up(?: now)?(?: and (?:please )?(?:dial|call) (?:911|999|112|nine one one|nine eleven))?| (?:please )?(?:dial|call) (?:911|999|112|nine one one))",
    r"(?:if|for)(?: (?!if |for |press |dial )[a-z']+){1,12}? (?:please )?(?:hang up (?:now |first )?and )?(?:please )?(?:call|dial|text|call or text)"
    r" (?:911|988|711|811|999|112|111|\d{3} \d{4}|(?:1 )?8\d\d \d{3} \d{4})",
    r"(?:please )?hang up(?: now)? and (?:dial|call) (?:911|999|112|nine one one)",
    r"(?:en caso de|si (?:es|se trata de|tiene)) (?:una )?emergencia(?: medica)?(?: (?:por favor )?cuelgue)?(?: (?:y )?(?:llame|marque)(?: (?:al|el))? (?:911|112|066))?",
    r"si (?:ya )?(?:conoce|sabe) (?:la|el|su)(?: numero de)? (?:extension|interno|anexo)(?: [a-z]+){0,6}? (?:marquel[ao]|digitel[ao]|ingresel[ao])(?: (?:ahora|en cualquier momento))*",
    r"si vous (?:connaissez|avez) (?:le|son)(?: numero de)? poste(?: [a-z']+){0,9}? composez le(?: maintenant| directement| a tout moment)+",
    r"(?:(?:wenn|falls) sie|kennen sie) die (?:durchwahl|nebenstelle)(?: [a-z]+){0,4}? (?:wahlen|geben) sie (?:diese|sie)(?: (?:bitte|jetzt|jederzeit|direkt|einfach|ein))*",
    r"begru(?:ss|s)t sie(?: (?:recht )?herzlich)?|heisst sie(?: herzlich)? willkommen",
    r"(?:and )?(?:good ?bye|have a (?:nice|great|good|wonderful|blessed) (?:day|evening|weekend))",
    r"(?:wenn|falls|bei|im|in) (?:(?!wenn |falls |bei |fur |drucken )[a-z']+ ){1,10}?(?:wahlen|rufen) sie(?: bitte)?(?: (?:die|den|notruf))* (?:112|110|144|133|122|911|999)(?: an)?",
    r"(?:wenn|falls|bei|im|in) (?:(?!wenn |falls |bei |fur |drucken )[a-z']+ ){1,10}?(?:wahlen|rufen) sie(?: [a-z]+){0,3}?(?: \d+){2,}(?: an)?",
    r"(?:si|en cas de?) (?:(?!si |pour |tapez |faites )[a-z']+ ){1,12}?(?:composez|appelez) le(?: \d+){2,}",
    r"(?:si|en caso de) (?:(?!si |para |por |marque |oprima |pulsa |pulse )[a-z']+ ){1,12}?(?:llam[ae]|marque|marca) (?:(?:al|el) )?(?:911|112|061|066|060|123|131|107)",
    r"(?:si|en cas de?) (?:(?!si |pour |tapez |faites )[a-z']+ ){1,12}?(?:composez|appelez|faites) le (?:15|18|17|1\d\d)",
    r"(?:bitte )?wahlen sie (?:bitte )?(?:aus|(?:nun |jetzt )?(?:eine der|aus den|unter den|zwischen den)(?: folgenden)? (?:moglichkeiten|optionen|menupunkten?))"
    r"(?: aus)?|(?:bitte )?haben sie (?:bitte )?(?:noch )?(?:einen (?:kleinen )?moment|einen augenblick|etwas|ein wenig) geduld",
    rf"you(?:'ve| have)? (?:entered|said|chose|selected|dialed)(?: (?:\d+|{'|'.join(_DIGITS)}))*",
    r"(?:in order )?to (?:make|keep) (?:this|your) (?:call|wait) (?:shorter|short|brief|quick|quicker|faster)|to (?:get started|begin|start)(?= (?:please |press |tell |let ))",
    r"tell (?:us|me) (?:if|whether) you(?:'re| are)(?: (?!if |for |to |press |say )[a-z']+){1,8}(?= (?:if|for|to|press) )",
    r"before you (?:go any further|continue|proceed|go on)",
    r"have you (?:already )?(?:tried|checked)",
    r"you can (?:also )?say things like",
    r"(?:hablamos|se habla) espanol(?= press(?:ed)? (?:[0-9]|[a-z]+) (?:for|to) )",
    r"if you (?:don't|do not) (?:know|have) (?:your party's|the|your|an?) extension(?: number)?(?= press(?:ed)? (?:0|zero) for )",
    r"tell (?:us|me)(?: in a few words)? (?:who you are|what (?:it's|it is|this is|your call is) about|(?:why|what) you(?:'re| are) calling(?: (?:about|for))?)|(?:the )?following options are available",
    r"for (?:one of )?(?:the following|these)(?: [a-z]+){0,2}?(?= press(?:ed)? )",
    r"en cas d'urgence(?: vitale)?(?: (?:raccrochez et )?(?:composez|appelez|faites)(?: le)? (?:15|112|18|17))?",
    r"(?<!sich )(?:im notfall|(?:bei|in) (?:einem )?(?:lebensbedrohlichen |medizinischen |akuten )?(?:notfall|notfallen)(?! (?:wie|zum beispiel|ausserhalb|am|im|oder) ))(?: (?:wahlen|rufen) sie(?: bitte)?(?: die)? (?:112|110|1 1 2))?",
    r"if you (?:already )?know (?:your party's|the|your party|the person's|the party's|an?)(?: (?:name of the person|extension number|extension|party|(?:party's )?(?:first|last) name))(?: you(?:'re| are)? (?:calling|want|trying to reach))?"
    r"(?: of the (?:person|party)(?: you(?:'re| are)? (?:calling|want|trying to reach))?)?(?: (?:you )?(?:may|can))?(?: (?:please )?(?:dial|enter) (?:it|that)(?: extension)?(?: now| at any ?time)?)?",
    r"if you (?:already )?know (?:(?!if |for |to |press )[a-z']+ ){1,14}?(?:please )?(?:say|dial|enter) (?:it|that)(?: (?:now|at any ?time|after the (?:tone|beep)))?(?: or press the number)?",
    r"(?:dial|enter) (?:it|that|the extension)(?: now| at any ?time)|at any ?time(?: during this (?:message|call)| of (?:the )?day| day or night)?",
    r"(?:if you are calling from .{2,20}? )?(?:dial|enter) the last (?:\d|two|three|four|five) digits(?: of (?:the|your party's) (?:extension|number))?",
    r"seguid[oa] (?:del?|por)(?: (?:la|el|su))?(?: (?:numero|codigo|clave|tecla))?(?: (?:de )?[a-z]+)?",
    r"suivi (?:de la|du|de|par la) (?:touche )?(?:diese|etoile|carre)",
    r"(?:bitte )?halten sie(?: (?!drucken )[a-z]+){1,8}? bereit",
    r"(?:munissez vous|merci de vous munir|veuillez (?:vous )?munir) de (?:votre|vos|la) (?:numeros?|reference|carte|identifiant|dossier)"
    r"(?: (?:de |du )?(?:client|contrat|d'adherent|d'allocataire|dossier|securite sociale|commande|d'abonne|d'assure|siret|colis|facture))?",
    r"followed by (?:the|your|a) (?:[a-z]+ )?(?:number|extension|code|pin|name)",
    r"(?:if you(?:'d| would)? (?:rather|prefer)(?: to)? use|using|you (?:may|can) also use) (?:your|the) (?:tele|touch tone )?(?:phone )?key ?pad",
    r"si (?:prefiere|quiere|desea) (?:usar|utilizar) (?:el|su) teclado(?: (?:telefonico|de su telefono|del telefono))?",
    r"(?:o )?si (?:lo )?(?:prefiere|desea)(?= (?:pulse|marque|oprima|presione) )|(?:or )?if you(?:'d)? (?:prefer|rather)(?= press )",
    rf"you(?:'re| are) (?:in|at|on) [a-z]+ number {_COUNT}",
    r"(?:please )?tell (?:us|me) which [a-z]+ you(?:'re| are) calling about|here are (?:your|the|some of our) (?:choices|options)",
    r"si (?:ya )?(?:conoce|sabe) (?:(?!si |para |marque |pulse |oprima )[a-z]+ ){1,8}?(?:dig|marqu|digit|ingres|tecle)[a-z]*l[ao]"
    r"(?: (?:ahora|en cualquier momento|(?:despues|tras) (?:de |del |el )?(?:tono|senal)))*",
    # what is done elsewhere
    r"(?:(?:to|if) (?:(?!to |if |press |dial |say )[a-z']+ ){1,10}?|for (?:(?!to |if |for |press |dial |say )[a-z']+ ){1,8}?)"
    r"(?:please )?(?:go to|visit|see|check|download|use) (?:our|us|the)(?: [a-z]+)? ?(?:website|web site|web page|online|app|site)(?: (?:form|portal|chat|service|account))?",
    # numbers to reach somebody elsewhere
    r"(?:(?:or )?(?:call|text|fax|email|e mail|write to|write) us(?: (?:directly|direct|toll free|back|online|anytime))*(?: (?:at|on|to))?(?: \d+)+)",
    r"(?:no one|nobody)(?: here)? is(?: currently)? available to take your call|we are (?:unable|not able) to take your call(?: right now| at this time)?",
    r"(?:our|the|my|your) (?:[a-z]+ )?(?:phone|fax|text|toll free|telephone|direct)? ?number is(?: \d+)+",
    r"(?:(?:please )?leave (?:us |me )?(?:a|your) (?:(?:brief|short|detailed|voice) )?message|(?:please )?leave your name(?: and (?:phone )?number)?) (?:after|at) the (?:tone|beep)",
)
#: Whole words only; tried where a word begins and nowhere else.
_NOISE = re.compile(rf"(?<!\S)(?:{'|'.join(f'(?:{pattern})' for pattern in _PATTERNS)})(?!\S)")

_EMERGENCY = re.compile(r".*\b(?:emergenc(?:y|ies)|emergencia(?: medica)?|urgence(?: vitale)?|notfall(?:en)?)")
_PRESSED = re.compile(
    r" (?:please |bitte |por favor |veuillez )?(?:"
    + "|".join(sorted(_VERBS))
    + r") (?:(?:sie|bitte|die|el|la|le|sur|numero|tecla|touche) )*(?:[*#]|\d\b|"
    + "|".join(sorted(_KEYED - set("*#")))
    + r"\b)"
)
_OR_PRESSED = re.compile(r" or (?:please |just )?(?:" + "|".join(sorted(MENU_WORDS["en"].verbs)) + r") \S+")
_CALLS = word_set("call dial text go visit see check download use")
_KNOWN = re.compile(r"if you (?:already )?know (?!.* (?:dial|enter)\b).*")
_BEFORE_PRESSED = re.compile(
    r"(?: (?!(?:for|to|if|and|say|dial|enter|it|that(?! you)|may|can|please|" + "|".join(sorted(_VERBS)) + r")\b)[a-z']+){0,6}"
)
_PRESSED_OF_KIND = re.compile(
    rf"(?: (?!(?:{'|'.join(sorted(_VERBS | _STARTERS))}|call|hang|llame|cuelgue|appelez|rufen)\b)[a-z']+){{0,3}}" + _PRESSED.pattern
)
_OPENED = re.compile(r"\b(?:to|for|like|want|a|an|of)\s*$")


def names_no_key(tokens: list[Token]) -> list[bool]:
    """For each token, whether it belongs to such words."""
    text = join(tokens)
    masked = [False] * len(tokens)
    starts, at = {}, 0
    for index, token in enumerate(tokens):
        starts[at] = index
        at += len(token.text) + 1
    for match in _NOISE.finditer(text):
        if _OPENED.search(text[: match.start()]) and not match.group().startswith(("to ", "for ")):
            continue  # "to listen to the options again" is an option
        if _EMERGENCY.fullmatch(match.group()) and _PRESSED_OF_KIND.match(text, match.end()):
            continue  # "in an emergency, press 1", "si tiene una emergencia dental, pulse 1"
        if _KNOWN.fullmatch(match.group()) and _is_pressed_for(tokens, starts, text, match.end()):
            continue  # "if you know the extension you want, press 5."
        words = match.group().split()
        first = starts.get(match.start() + (len(match.group()) - len(match.group().lstrip())))
        if first is not None:
            last = min(len(tokens), first + len(words)) - 1
            if last > first and (tokens[last].gap == "." or (tokens[last].gap and tokens[last].text == tokens[last - 1].text)):
                last -= 1  # "… recorded for training. Training, press 1", "thank you for holding. To …"
            instead = match.group().startswith(("if ", "for ", "to ")) and _is_pressed_instead(tokens, starts, text, match.end())
            begin = _other_line(words, first) if instead else _after_label(tokens, first, last)
            for index in range(begin, last + 1):
                masked[index] = True
    return masked


def _other_line(words: list[str], first: int) -> int:
    """ "For billing, (call 555 0136) or press 5": what is called instead may be pressed for."""
    return first + next((at for at in range(len(words) - 1, 0, -1) if words[at] in _CALLS), 0)


def _is_pressed_instead(tokens: list[Token], starts: dict[int, int], text: str, at: int) -> bool:
    """ "… or press 5", but not "… or press 4 for the dispensary"."""
    pressed = _OR_PRESSED.match(text, at)
    following = starts.get(pressed.end() + 1) if pressed else None
    numbered = text[:at].endswith(tuple("0123456789"))  #: another line, not another way here
    return pressed is not None and (numbered or following is None or bool(tokens[following].gap) or tokens[following].text not in _LEADING)


def _is_pressed_for(tokens: list[Token], starts: dict[int, int], text: str, at: int) -> bool:
    """Whether a key follows there that is not for what comes behind it: "… press 5. For …", but not "… press 5 for …"."""
    before = _BEFORE_PRESSED.match(text, at)
    pressed = _PRESSED.match(text, before.end() if before else at)
    if pressed is None:
        return False
    following = starts.get(pressed.end() + 1)
    return following is None or bool(tokens[following].gap) or tokens[following].text in ("and", "then")


def _after_label(tokens: list[Token], first: int, last: int) -> int:
    """ "Press 1 to track a package. You can also visit our website": what follows a key in one breath is what the key is for."""
    if first == 0 or tokens[first].gap or tokens[first].text not in _LEADING or tokens[first - 1].text not in _KEYED | HOMOPHONES.keys():
        return first
    marked = max((at for at in range(first + 1, last + 1) if tokens[at].gap), default=0)
    told = (
        at for at in range(first + 2, last + 1) if states(tokens, at) or (tokens[at].text in _AWAY and tokens[at - 1].text not in _WITH)
    )
    return marked or next(told, first)
