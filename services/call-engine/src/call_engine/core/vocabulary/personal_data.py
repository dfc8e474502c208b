"""What a company knows a person by, as a pattern over folded text in four languages: a name, a date of birth, an address, a number of a
contract. Words that mean it only where somebody asks for it ("your order") are told apart from those that always do ("order number").
"""

from __future__ import annotations

_NUMBERED = (
    r"account|policy|card|order|customer|client|member(?:ship)?|reference|ref|claim|case|booking|reservation|confirmation|invoice|tracking"
    r"|ticket|phone|telephone|mobile|cell(?: ?phone)?|home|contact|call.?back|best(?: contact| phone)?|house|door|flat|passport|licen[cs]e"
    r"|registration|insurance|national insurance|social security|medicare|patient|student|employee|contract|meter|tax|serial|vehicle"
    r"|loyalty|pin"
)
_ENGLISH = (
    r"(?:(?:first|last|full|middle|maiden|given|family|business|company) )?names?|surname|initials"
    r"|date of birth|d ?o ?b|birthday|birth ?date|year of birth|place of birth"
    r"|(?:first line|second line) of (?:your|the) address|address|post ?code|postal code|zip(?: code)?|house number"
    r"|e.?mail(?: address)?|password|passcode|pass ?phrase|(?:memorable|security) (?:word|answer|code)|sort code|iban|social(?: security)?"
    r"|(?:last|first) (?:two|three|four|five|six|2|3|4|5|6)(?: digits?| numbers?| letters?)?"
    r"(?! (?:days?|weeks?|months?|years?|hours?|minutes?|times?)\b)"
    rf"|(?:{_NUMBERED}) (?:number|no|code|i ?d|ref|reference|details|plate)"
)
_GERMAN = (
    r"(?:[a-z]*namen?s?|geburtsdatum|geburtstag|geburtsjahr|geburtsort|anschrift|[a-z]*adresse|wohnort|strasse|hausnummer|postleitzahl|plz"
    r"|[a-z]+nummer|iban|kennwort|passwort|e.?mail)"
)
_FRENCH = (
    r"(?:noms?(?: de (?:famille|jeune fille)| complet)?|prenoms?|date de naissance|lieu de naissance|adresse(?: (?:e.?mail|postale))?"
    r"|code postal|numero (?:de |d'|du )[a-z]+|mot de passe|e.?mail|courriel|iban)"
)
_SPANISH = (
    r"(?:nombres?(?: completo| y apellidos?)?|(?:primer |segundo )?apellidos?|fecha de nacimiento|lugar de nacimiento|direccion|domicilio"
    r"|codigo postal|numero (?:de |del )[a-z]+|contrasena|clave|correo(?: electronico)?|cedula|dni|iban)"
)
#: Needs nothing said beside it.
ALWAYS = rf"(?:{_ENGLISH}|{_GERMAN}|{_FRENCH}|{_SPANISH})"
#: Where it is asked for.
WHERE_ASKED = (
    rf"(?:{ALWAYS}|numbers?|phone|telephone|mobile|account|policy|card|order|customer|member(?:ship)?|reference|claim|case|contact|booking"
    r"|confirmation|numero|nummer)"
)
