"""Keeps the engine informed of every dialog this line has open, so that it can end them should the line die."""

from __future__ import annotations

from collections.abc import Callable

from call_engine.line.dialog import dialog_from_answer, early_dialog
from call_engine.line.messages import DialogKept, DialogOver
from call_engine.line.settings import SipSettings


class Dialogs:
    def __init__(self, settings: SipSettings, local_address: str, tell: Callable[[DialogKept | DialogOver], None]) -> None:
        self._transport, self._local_address, self._tell = settings.transport.value, local_address, tell
        self._proxies = (f"<{settings.proxy.removesuffix(';lr')};lr>",) if settings.proxy else ()

    def ringing(self, leg: str, uri: str, response: str, source: str) -> None:
        """A provisional response: a CANCEL can end it."""
        self._keep(
            early_dialog(
                leg, uri, response, source=source, transport=self._transport, local_address=self._local_address, routes=self._proxies
            )
        )

    def answered(self, leg: str, response: str, source: str) -> None:
        """The 200 response: a BYE can end it."""
        self._keep(dialog_from_answer(leg, response, source=source, transport=self._transport, local_address=self._local_address))

    def over(self, leg: str) -> None:
        self._tell(DialogOver(leg=leg))

    def _keep(self, dialog: DialogKept | None) -> None:
        if dialog is not None:
            self._tell(dialog)
