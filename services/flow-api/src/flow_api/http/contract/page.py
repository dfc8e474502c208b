"""The API as a page for people: plain HTML without scripts, so that it works under the strictest policy and without a network."""

from __future__ import annotations

import html
from typing import Any

from flow_api.http.access import ANY_SCOPE
from flow_api.http.contract.answer_headers import described
from flow_api.http.contract.document import TITLES
from flow_api.http.contract.examples import ANSWERS, REQUESTS
from flow_api.http.contract.json_text import indented
from flow_api.http.contract.operations import OPERATIONS, Operation

STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 62rem; margin: 2rem auto; padding: 0 1rem; color: #1b1f24; background: #fff }
h1 { font-size: 1.6rem } summary { cursor: pointer; padding: .4rem 0; display: flex; gap: .8rem; align-items: baseline }
pre { font: 13px/1.4 ui-monospace, monospace; overflow-x: auto; margin: .3rem 0 1rem } h2 { font-size: 1rem; margin: 0 }
details { border-top: 1px solid #d0d7de } code { font: 14px ui-monospace, monospace } .m { min-width: 4.2rem; font-weight: 700 }
.get { color: #0757ba } .post { color: #116329 } .put { color: #8a4600 } .delete { color: #a40e26 }
table { border-collapse: collapse; margin: .3rem 0 1rem } td, th { text-align: left; padding: .15rem 1rem .15rem 0; vertical-align: top }
@media (prefers-color-scheme: dark) { body { color: #e6edf3; background: #0d1117 } .get { color: #79b8ff } .post { color: #7ee787 }
 .put { color: #ffb77c } .delete { color: #ff9492 } details { border-color: #30363d } a { color: #79b8ff } }
"""


def page() -> str:
    """The whole page."""
    parts = "\n".join(_operation(operation) for operation in OPERATIONS)
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Flow API</title>'
        '<meta name="viewport" content="width=device-width"><link rel="stylesheet" href="/docs.css"></head><body><h1>Flow API</h1>'
        '<p>The same as a machine reads it: <a href="/openapi.json">openapi.json</a> (OpenAPI 3.1). '
        "Errors are problem documents (RFC 9457) that name every fault with its JSON path.</p>"
        f"{parts}</body></html>"
    )


def _operation(operation: Operation) -> str:
    rows = [
        _row(f"{parameter['in']} <code>{_e(parameter['name'])}</code>", _shape(parameter["schema"])) for parameter in operation.parameters
    ]
    if operation.body:
        rows.append(_row("body", f"<code>{_e(operation.body)}</code>"))
    statuses = [*operation.answers, *map(str, operation.problems)]
    rows += [_row(f"<code>{status}</code>", _e(operation.titles.get(status, TITLES[int(status)]))) for status in statuses]
    rows += [_row(f"answers <code>{_e(name)}</code>", _e(header["description"])) for name, header in described(operation.headers).items()]
    needed = "Any token" if operation.scope == ANY_SCOPE else f"Scope <code>{_e(operation.scope or '')}</code>"
    scope = f"<p>{needed}</p>" if operation.scope else ""
    return (
        f'<details id="{operation.name}"><summary><span class="m {operation.method}">{operation.method.upper()}</span>'
        f"<code>{_e(operation.path)}</code> <span>{_e(operation.summary)}</span></summary>{scope}"
        f"<table>{''.join(rows)}</table>{_examples(operation)}</details>"
    )


def _examples(operation: Operation) -> str:
    sent = {f"For example, {name}": body for name, body in REQUESTS.get(operation.name, {}).items()}
    answered = {f"Answers {status}, for example": value for (name, status), value in ANSWERS.items() if name == operation.name}
    return "".join(f"<h2>{_e(title)}</h2><pre>{_e(indented(value))}</pre>" for title, value in (sent | answered).items())


def _row(name: str, what: str) -> str:
    return f"<tr><th>{name}</th><td>{what}</td></tr>"


def _shape(schema: dict[str, Any]) -> str:
    if "enum" in schema:
        return "one of " + ", ".join(f"<code>{_e(str(value))}</code>" for value in schema["enum"])
    shape = schema.get("pattern") if "maxLength" not in schema else None
    return _e(str(schema.get("type", ""))) + (f" <code>{_e(shape)}</code>" if shape else "")


def _e(raw: str) -> str:
    return html.escape(raw)
