"""What is said on telephones, by kind of utterance: patterns over folded words, each with a weight. Data, not logic."""

# ruff: noqa: E501

from __future__ import annotations

MENU = "menu"
HOLD = "hold_announcement"
CALLBACK = "callback_offer"
TRANSFER = "transfer_notice"
GREETING = "human_greeting"
HUMAN = "human_other"
VOICEMAIL = "voicemail_greeting"
CLOSED = "closed_message"
FAILURE = "failure_message"
DATA = "data_entry_prompt"
CONFIRM = "confirmation_prompt"
OPEN = "open_question"
NOTICE = "recording_notice"
SURVEY = "survey_offer"

KINDS = (MENU, HOLD, CALLBACK, TRANSFER, GREETING, HUMAN, VOICEMAIL, CLOSED, FAILURE, DATA, CONFIRM, OPEN, NOTICE, SURVEY)

_AGENTS = r"(agents?|representatives?|operators?|advisors?|advisers?|associates?|specialists?|bankers?|team members?|staff|lines|nurses?|technicians?)"
_NAME = r"[a-z]{2,12}"

PATTERNS: dict[str, tuple[tuple[str, float], ...]] = {
    HOLD: (
        (rf"\b(all|each) (of )?(our |the )?([a-z]+ ){{0,4}}{_AGENTS} (are|is|remain) ([a-z]+ ){{0,3}}(busy|assisting|helping|occupied|speaking|serving|on (other|another) calls?|with other)", 4.0),
        (r"\byour call is (very |extremely |really )?(important|valuable)", 4.0),
        (r"\b(thank you|thanks) for (your (continued )?patience|holding|continuing to (hold|wait)|waiting|staying on)", 2.6),
        (r"\b(we )?appreciate your (continued )?patience", 3.0),
        (r"\bcalls? (will be|are|is being|is|are being) (answered|taken|handled) in the order", 4.0),
        (r"\b(please )?(stay|remain|continue to hold|keep holding|hold) on the line\b", 1.6),
        (r"\b(continue to hold|please continue holding|please hold|hold the line)\b", 1.4),
        (r"\b(estimated|expected|approximate|average|current)( hold| wait| waiting)* time", 3.2),
        (r"\bwait times? (is|are|may be) (currently )?(approximately|less|longer|about|more|over|under|between|longer than)", 3.0),
        (r"\byou are (currently )?(caller )?(number|next|first|second|third|\d+)( in (the )?(line|queue))?\b(?! to)", 2.4),
        (r"\b(there (are|is)) ([a-z0-9]+ ){1,3}(callers?|people|calls?|customers?) (ahead|in front|before|waiting)", 3.6),
        (r"\bnext (available|free) " + _AGENTS, 2.4),
        (r"\b(an?|our|the first|one of our) ([a-z]+ ){0,3}" + _AGENTS + r" will (be|answer|assist|help|take|speak|get) ([a-z]+ ){0,3}(with you|shortly|soon|momentarily|as soon|your call|you)", 3.0),
        (r"\bwill be (with you|answered|right with you)( as soon as| shortly| momentarily| soon)?", 2.4),
        (r"\b(higher|heavier|greater|longer|unusually high|high) (than (normal|usual|expected|average) )?(call )?(volumes?|wait)", 3.2),
        (r"\bdid you know\b", 2.6),
        (r"\b(visit (us|our website|our web site)|www|dot com|our (mobile |free )?app|download (our|the)|online at|go to our website)\b", 1.8),
        (r"\b(your position|place in (the )?(line|queue)|position in (the )?(line|queue))\b", 2.0),
        (r"\bwe (will be|ll be) (right |back )?with you (shortly|soon|as soon|momentarily)|\bbe right with you\b", 2.4),
        (r"\bexperiencing\b.{0,30}\b(volume|wait|calls)", 2.4),
        (r"\bkeep you on hold|we know your time is|apologi[sz]e for the (wait|delay|inconvenience)|sorry (for|about) the (wait|delay)|sorry to keep you waiting", 2.0),
        (r"\bsu llamada es (muy )?importante|nuestros (agentes|representantes|asesores) (estan|se encuentran)|permanezca en (la )?linea|gracias por (esperar|su paciencia)|tiempo de espera", 4.0),
        (r"\bvotre appel est important|nos (conseillers|agents|operateurs) sont|merci de (patienter|votre patience)|temps d'attente|veuillez patienter|restez en ligne", 4.0),
        (r"\b(alle )?unsere (mitarbeiter|berater|leitungen|platze)[a-z ]{0,20} (sind|im gesprach|belegt)|bitte (warten|haben sie etwas geduld|bleiben sie)|vielen dank fur ihre geduld|wartezeit|nachste freie", 4.0),
    ),
    TRANSFER: (
        (r"\b(transferring|connecting|forwarding|redirecting) (you|your call)\b", 4.2),
        (r"\b(i will|i'll|we will|we'll|let me|i am going to|i'm going to|going to) (now )?(transfer|connect|forward|route|get) (you|your call|someone)", 3.2),
        (r"\b(please hold|one moment|hold on|hold|please wait|just a moment|a moment)( please)? (while|as) (i|we|your call|you are|we are|we're|i'm|you're) ([a-z']+ ){0,2}(transfer|connect|transferred|connected|being|get|find|locate|look)", 4.0),
        (r"\b(your call|you) (is|are|will) (now )?be(ing)? (transferred|connected|forwarded|routed)", 4.0),
        (r"\btransferred to (an?|the|our|one)|connected to (an?|the|our) (agent|representative|operator|department|specialist)", 2.0),
        (r"^(ok |okay |alright |thank you |great |thanks )*(one|just a|a) moment( please)?$", 3.0),
        (r"^(ok |okay |thank you |thanks )*(please hold|hold please|please stand by)$", 2.4),
        (r"\ble (transferimos|comunicamos|paso)|transfiriendo|un momento( por favor)?|su llamada (sera|esta siendo) transferida", 3.6),
        (r"\b(nous )?vous (transferons|mettons en relation|passe)|un instant|votre appel (est|va etre) transfere", 3.6),
        (r"\b(sie werden|ihr anruf wird|ich) ([a-z]+ ){0,2}(verbunden|verbinde|weitergeleitet)|einen moment( bitte)?", 3.6),
    ),
    CALLBACK: (
        (r"\b(call|calls|called|ring|phone) you back\b", 3.4),
        (r"\b(call ?back|callback|return call|be called back|receive a call|a call back)\b", 3.2),
        (r"\b(keep|hold|save|lose|losing|without losing|maintain) your (place|spot|position)", 3.0),
        (r"\bque le (llamemos|devolvamos)|devolver(le)? la llamada|sin perder su (lugar|turno)", 4.0),
        (r"\b(vous )?rappel(er|ons|e)\b|etre rappele", 3.4),
        (r"\bruckruf|zuruckrufen|rufen sie zuruck", 3.6),
    ),
    VOICEMAIL: (
        (r"\b(leave|record) (me |us )?(a|your|the)( (brief|short|detailed|voice))* (message|name)", 3.6),
        (r"\b(after|at) (the )?(tone|beep|signal)\b", 3.6),
        (r"\bvoice ?mail( ?box)?|mailbox|answering machine|automated voice messaging|auto attendant", 3.0),
        (r"\b(is|am|are|i'm|we're) (not available|unavailable|unable to (come|take|answer|get)|away from|not (in|here|at)|out of (the )?office|on the other line)", 2.6),
        (r"\b(can't|cannot|can not|couldn't) (come|get|make it) to the phone|not able to (take|answer|come)|can't take your call", 3.0),
        (r"\b(i'll|i will|we'll|we will|someone will) (get back|return|call you back|give you a call)", 1.6),
        (r"\bdeje (su|un) mensaje|despues (del|de la) (tono|senal)|buzon de voz", 4.5),
        (r"\blaiss(ez|er) (un|votre) message|apres (le bip|le signal)|messagerie|repondeur", 4.5),
        (r"\b(hinterlassen|nachricht nach)|nach dem (signal)?ton|anrufbeantworter|mailbox", 4.5),
    ),
    CLOSED: (
        (r"\b(office|offices|we|department|branch|store|clinic|center|centre|practice|line|lines|counter|shop|bank) (is|are|we're) (now |currently |presently )?closed", 4.0),
        (r"\bcurrently closed|now closed|closed (for|today|until|at this time|right now|on)\b", 3.2),
        (r"\b(business|office|opening|operating|regular|normal|customer service|working) hours( of operation)? (are|is|for)?", 1.8),
        (r"\b(call|try) (us )?(back|again)( later)? (during|on|between|tomorrow|after|when|in the morning|monday)", 2.8),
        (r"\b(outside|after) (of )?(our |normal |regular |business |office |working )*hours|\b(reopen|re open|open again|resume)", 2.8),
        (r"\b(observance of|in honor of|for the|due to the) ([a-z]+ ){0,3}holiday", 2.4),
        (r"\bestamos cerrad[oa]s|(oficinas?|centro|horario)[a-z ]{0,40} (cerrad|atencion)|vuelva a llamar|fuera de (nuestro )?horario", 4.0),
        (r"\b(sommes|est|sont) (actuellement )?ferme|nos (bureaux|services)[a-z ]{0,30}ferme|rappeler (pendant|du lundi)|heures d'ouverture|horaires d'ouverture", 4.0),
        (r"\b(geschlossen|nicht besetzt|offnungszeiten|geschaftszeiten|ausserhalb unserer)", 4.0),
    ),
    FAILURE: (
        (r"\b(we are|we're|i am|i'm|are) (sorry )?(currently )?unable to (take|answer|process|complete|connect|handle|accept)", 3.2),
        (r"\b(that|this|the|your) (is|was|entry|selection|option|number|response|choice)( is| was| you (have )?(entered|dialed|selected|chose)( is| was)?)?( an?| not)? ?(invalid|not valid|incorrect|not recognized|not a valid|wrong)", 4.2),
        (r"\binvalid (option|entry|selection|response|choice|number|extension|input)|not a valid (option|entry|selection|choice|extension|response)", 4.2),
        (r"\b(didn't|did not|couldn't|could not|can't|cannot|don't|do not|didnt) (understand|get|catch|hear|recognize|receive|quite)", 3.0),
        (r"\b(technical difficult|system error|an error (has )?occurred|having trouble|experiencing technical|temporarily (unavailable|out of service)|out of service|not in service|been disconnected|no longer in service|cannot be completed|could not be completed|can't be completed)", 3.4),
        (r"\b(please )?try (your call )?again( later)?\b", 1.6),
        (r"\bgoodbye|good bye\b", 1.4),
        (r"\b(queue|mailbox|lines?) (is|are) (currently )?full|maximum number of (callers|tries|attempts)|too many (callers|attempts)", 3.4),
        (r"\bopcion (no valida|invalida|incorrecta)|no (es|fue) (una opcion )?valida|no entendi|no puedo|no podemos|intentelo (de nuevo|mas tarde)|adios", 3.4),
        (r"\b(choix|option|saisie|reponse) (n'est pas|invalide|incorrect|non valide)|pas compris|n'ai pas|reessayer|au revoir", 3.4),
        (r"\b(ungultig|nicht verstanden|falsche eingabe|eingabe war|versuchen sie es|auf wiederhoren|leider nicht)", 3.2),
    ),
    DATA: (
        (r"\b(enter|key in|type in|type|provide|input|dial|tell me|give me|say|speak)( or (say|enter|speak|key in))? (in )?(your|the|an?)( [a-z0-9-]+){0,5} (number|code|pin|zip|digits?|date|id|password|passcode|extension|identification)\b", 3.8),
        (r"\bfollowed by (the )?(pound|hash|star|number sign|#)", 3.6),
        (r"\b(\d+|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|sixteen|sixteen) ?-?digits?\b", 2.2),
        (r"\b(account|card|member(ship)?|policy|phone|telephone|social security|customer|reference|order|tracking|claim|zip|confirmation|case|ticket|invoice) (number|code|id|pin)", 1.0),
        (r"\b(last four|area code|date of birth|zip code|security code|access code|pin number|post ?code)\b", 2.0),
        (r"\b(introduzca|ingrese|marque|digite|teclee|diga) (su|el|los) ([a-z]+ ){0,4}(numero|codigo|digitos|fecha|clave)|seguido de", 4.2),
        (r"\b(saisi(r|ssez)|entre[rz]|composez|tapez|veuillez (saisir|entrer|composer)|indiquez) ([a-z']+ ){0,4}(numero|code|chiffres|date)|suivi d", 4.2),
        (r"\b(geben sie|nennen sie|tippen sie)[a-z ]{0,40}(nummer|zahl|code|pin|geburtsdatum|postleitzahl)|gefolgt von", 4.2),
    ),
    CONFIRM: (
        (r"\b(is (this|that) (correct|right|ok|okay|the)|that's (right|correct)|did i get that|is it (correct|right))", 3.8),
        (r"\bif (this|that|it)( information| number)? (is|'s) (correct|right|not correct|incorrect|wrong)", 3.8),
        (r"\byou (said|entered|selected|chose|have entered|have selected|have chosen|want|pressed|dialed)\b", 2.6),
        (r"\b(to confirm|please confirm|say yes or( press)?|yes or no|press 1 for yes|for yes)\b", 3.0),
        (r"\bi (heard|think you said|understood)\b", 2.6),
        (r"\bes (esto |eso )?correcto|si (es|esta) correct[oa]|usted (dijo|marco|ha seleccionado|ingreso)|para confirmar|si o no", 4.0),
        (r"\best ce (bien )?(correct|exact|bien)|c'est (bien )?(correct|exact|cela)|si c'est exact|vous avez (dit|choisi|saisi)|pour confirmer|oui ou non", 4.0),
        (r"\bist (das|dies) (richtig|korrekt)|stimmt das|sie haben[a-z0-9 ]{0,30}(gesagt|eingegeben|gewahlt)|zur bestatigung|ja oder nein|wenn (das|dies) (richtig|korrekt)", 4.0),
    ),
    OPEN: (
        (r"\bin a (few|couple of|few short) words|in your own words|in a sentence|in one sentence", 4.6),
        (r"\b(tell (me|us)|describe|say|let me know) (briefly )?(what|why|how|the reason)( you| i| we| you're| you are|'re|'s| is| for)", 3.6),
        (r"\b(you can say things like|for example,? you can say|say something like|you can say)\b", 3.4),
        (r"\bwhat (are you|is the reason|is your|can i|brings you|would you like)( ([a-z']+)){0,4} (calling|call|today|about|help|do|reason)", 1.6),
        (r"\b(virtual|automated|digital|voice) (assistant|agent|system)", 1.8),
        (r"\bhow (can|may) i help you( today)?( you can| please say| tell| for example)", 3.0),
        (r"\b(digame|diganos|cuenteme|dime)[a-z ]{0,20}(motivo|que|como|en pocas)|en pocas palabras|puede decir", 4.6),
        (r"\ben quelques mots|dites(-| )moi|(quelle est|indiquez) la raison|vous pouvez dire", 4.6),
        (r"\b(in (wenigen|ein paar|kurzen) worten|sagen sie (mir|uns)|worum geht es|nennen sie (uns |mir )?(ihr|den) (anliegen|grund)|beschreiben sie)", 4.6),
    ),
    NOTICE: (
        (r"\b(this|your|the|all) calls? (may|will|might|is|are|could|can)( also)? (be|being)?( ?(monitored|recorded))", 3.8),
        (r"\bcalls? (is|are) (being )?recorded|recorded line|recorded for|monitored (and|or) recorded|recorded (and|or) monitored", 3.4),
        (r"\b(quality|training)( assurance)?( (and|or) (quality|training))?( assurance)? purposes", 2.4),
        (r"\b(privacy (policy|notice|statement)|consent to|by continuing)\b", 2.0),
        (r"\b(life threatening|medical) emergency|hang up and (dial|call) (911|nine one one)", 2.6),
        (r"\b(menu|options|our menu options) (has|have) (recently )?changed|listen carefully|listen closely", 1.6),
        (r"\b(esta )?llamada (puede|podra|sera|esta siendo)( ser)? (grabada|monitoreada)|fines de calidad", 4.2),
        (r"\b(cet|votre) appel (peut|pourra|est|sera)( etre)? (enregistre|ecoute)|fins de (qualite|formation)", 4.2),
        (r"\b(gesprach|anruf|telefonat)[a-z ]{0,30}(aufgezeichnet|mitgehort|aufgenommen)|qualitatssicherung|schulungszwecken", 4.2),
    ),
    SURVEY: (
        (r"\b(survey|questionnaire)\b", 4.0),
        (r"\b(rate|feedback|your opinion|your experience|how (satisfied|likely)|on a scale)\b", 2.4),
        (r"\bencuesta|su opinion|enquete|sondage|votre avis|umfrage|befragung|kundenzufriedenheit|ihre meinung", 4.2),
    ),
    GREETING: (
        (rf"\b(this is|my name is|you're speaking (with|to)|you are speaking (with|to)|i'm|you're through to|you've reached) (?!a |an |the |not |sorry|going|calling|our |your |just|afraid|here|able|glad|happy|recorded|on a|to |being ){_NAME}\b", 2.6),
        (rf"\b{_NAME} (speaking|here)\b", 2.8),
        (r"\bhow (can|may|could) i (help|assist|be of)|how (are you|can we help|may we help)|what can i (do|help)|how can i", 2.8),
        (r"^(hello|hi|hey|hiya|good (morning|afternoon|evening)|yes hello)( there)?$", 3.8),
        (r"^(hello|hi|hey|good (morning|afternoon|evening))\b", 1.4),
        (r"\b(may|can|could) i (please )?(have|get|start with|ask for|take|grab) (your|the|an?|you to)", 3.0),
        (r"\bwho (am i|do i have|is this|have i)( the pleasure)?( of)? (speaking|talking|calling)?", 3.0),
        (r"\bthank(s| you) for (calling|holding|waiting|your patience)[a-z0-9' ]{0,40} (this is|my name is|i'm|you're speaking)", 2.6),
        (r"\bthank(s| you) for calling\b", 0.6),
        (r"\b(is anyone there|are you there|can you hear me|hello hello)\b", 3.4),
        (r"\b(le (habla|atiende|saluda)|mi nombre es|soy [a-z]+|en que (le |te )?puedo ayudar|como (le |te )?puedo ayudar|con quien (hablo|tengo)|^(bueno|hola|diga|buenos dias|buenas tardes))", 3.4),
        (r"\b(a l'appareil|je m'appelle|que puis(-| )je|comment puis(-| )je|en quoi puis(-| )je|^(allo|bonjour|bonsoir)$|qui est a l'appareil)", 3.4),
        (r"\b(mein name ist|am apparat|was kann ich fur sie|wie kann ich (ihnen )?helfen|mit wem spreche|^(hallo|guten tag|guten morgen))", 3.4),
    ),
    HUMAN: (
        (r"\b(um|uh|uhm|er|erm|hmm|mm|mhm|uh huh|ah)\b", 1.6),
        (r"^(sorry|okay|ok|alright|all right|right|yeah|yep|yes|no|sure|so|well|let's see|let me see|bear with me|gotcha|got it|perfect|great)\b", 1.4),
        (r"\b(bear with me|let me (just )?(check|pull|look|see|find|take|bring|get)|one (second|sec)|give me (a|one|just)|hang on|just a (sec|second))", 3.0),
        (r"\b(are you still there|sorry about that|i'm so sorry|i see (here|that|your)|looks like|it says here|on my (end|screen)|pulling up|what's (your|the)|what was|can you (repeat|spell|verify|confirm|tell)|could you (repeat|spell|verify|confirm|tell)|do you (have|know|want|remember))", 2.8),
        (r"\b(i'm|i am|i'll|i've|i was|i can|i don't|i just|i need|i think)\b", 1.2),
        (r"\b(gonna|wanna|kinda|y'all|you know|i mean)\b", 2.0),
        (r"\b(ma'am|sir)\b", 1.6),
        (r"\b(a ver|espere(me)? (un )?(momento|segundo)|dejeme|permitame|digame su nombre|me (puede|podria))", 2.6),
        (r"\b(alors|attendez|je (vais|regarde|verifie|vois)|d'accord|pouvez(-| )vous me)", 2.4),
        (r"\b(also|ich (schaue|sehe|schau|prufe)|moment mal|konnen sie mir|sekunde)", 2.4),
    ),
}  # fmt: skip
