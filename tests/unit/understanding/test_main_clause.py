"""What still waits for its main clause, and what only begins like it."""

from __future__ import annotations

import pytest
from call_engine.core.understanding.main_clause import awaits_main_clause

AWAITING = [
    ("en", "If you would rather have"),
    ("en", "If, for any reason"),
    ("en", "If, for any reason, you would rather not wait"),
    ("en", "If you prefer, you"),
    ("en", "And once you're through to the next"),
    ("en", "Until one of our team is free"),
    ("en", "Before we connect your call to"),
    ("en", "Because all of our"),
    ("en", "When your turn has come"),
    ("en", "As soon as the next one of"),
    ("es", "Si desea dejar sus datos"),
    ("es", "Cuando uno de los compañeros"),
    ("es", "En caso de que no pueda"),
    ("fr", "Puisqu'il vous reste"),
    ("fr", "Puisque nos conseillers"),
    ("fr", "Une fois que votre tour"),
    ("fr", "À moins que vous ne"),
    ("fr", "Quand un conseiller sera"),
    ("de", "Sollte es Ihnen zu lange"),
    ("de", "Sollten alle Leitungen belegt"),
    ("de", "Sofern Sie lieber"),
    ("de", "Wenn, aus welchem Grund auch immer"),
    ("de", "Falls es Ihnen zu lange"),
    ("", "Sobald die nächste Leitung"),
    ("nl", "If you would rather have"),
    ("nl", "Falls es Ihnen zu lange"),
]


@pytest.mark.parametrize(("language", "text"), AWAITING)
def test_a_clause_that_is_begun_waits(language: str, text: str) -> None:
    assert awaits_main_clause(text, language)


NONE = [
    ("en", "Falls Church Dental Group Anna"),
    ("", "Falls Church Dental Group Anna"),
    ("en", "When exactly did you send it"),
    ("en", "When might you have sent it"),
    ("en", "Since when is the parcel missing"),
    ("en", "Since Monday nobody has picked it up"),
    ("en", "Until Friday the desk is closed"),
    ("en", "After lunch she's back"),
    ("en", "Before noon nobody is there"),
    ("en", "Because of the snow, the van only left at noon"),
    ("en", "Because of the snow we"),
    ("en", "Once more the name please"),
    ("en", "As soon as possible please"),
    ("en", "If you ask me, the parcel went out on Monday"),
    ("en", "If it is there. It is"),
    ("en", "Iffy line here I am"),
    ("es", "Si dígame le escucho bien"),
    ("es", "Si claro con quién hablo"),
    ("es", "Sí, con quién hablo yo"),
    ("es", "¿Cuando fue su compra"),
    ("es", "Y, ¿cuando fue su compra"),
    ("fr", "Quand même bonjour"),
    ("fr", "Quand avez-vous envoyé le colis"),
    ("fr", "Quand l'a-t-on envoyé"),
    ("fr", "Quand pouvez-vous passer"),
    ("de", "Sollten wir noch einmal anrufen"),
    ("de", "Wenn Sie mich fragen, ging es am Montag raus"),
    ("de", "Since Schmidt guten Tag"),
    ("", ""),
]


@pytest.mark.parametrize(("language", "text"), NONE)
def test_what_only_begins_alike_and_what_has_its_main_clause_does_not(language: str, text: str) -> None:
    assert not awaits_main_clause(text, language)
