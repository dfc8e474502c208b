"""kamailio as the trunk: a registrar with digest authentication and contacts in memory, or an outbound proxy."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.support.sipp import free_port, listening

HEAD = """
debug=1
log_stderror=yes
fork=no
children=1
listen={transport}:127.0.0.1:{port}
mpath="/usr/lib/x86_64-linux-gnu/kamailio/modules/"
loadmodule "sl.so"
loadmodule "tm.so"
loadmodule "pv.so"
loadmodule "maxfwd.so"
loadmodule "textops.so"
loadmodule "siputils.so"
loadmodule "usrloc.so"
loadmodule "registrar.so"
loadmodule "auth.so"
loadmodule "rr.so"
modparam("usrloc", "db_mode", 0)
"""

REGISTRAR = """
request_route {{
    if (is_method("REGISTER")) {{
        if (!pv_www_authenticate("test.example", "{password}", "0")) {{ www_challenge("test.example", "1"); exit; }}
        save("location");
        exit;
    }}
    if (is_method("INVITE") && !has_totag()) {{
        if (!pv_proxy_authenticate("test.example", "{password}", "0")) {{ proxy_challenge("test.example", "1"); exit; }}
        if ($rU == "registered" && registered("location", "sip:alice@127.0.0.1")) {{ sl_send_reply("603", "Decline"); exit; }}
        sl_send_reply("486", "Busy Here");
        exit;
    }}
    if (!is_method("ACK")) {{ sl_send_reply("200", "OK"); }}
}}
"""


PROXY = """
request_route {{
    if (has_totag()) {{
        if (loose_route() || t_check_trans()) {{ t_relay(); }} else if (!is_method("ACK")) {{ sl_send_reply("404", "Not here"); }}
        exit;
    }}
    if (is_method("CANCEL")) {{ if (t_check_trans()) {{ t_relay(); }} exit; }}
    if (is_method("INVITE")) {{
        if (!pv_proxy_authenticate("test.example", "{password}", "0")) {{ proxy_challenge("test.example", "1"); exit; }}
        consume_credentials();
        remove_hf("Route");
        record_route();
        $du = "{company}";
        t_relay();
        exit;
    }}
    sl_send_reply("405", "Not here");
}}
"""


@asynccontextmanager
async def kamailio(program: str, folder: Path, password: str, *, transport: str = "udp", proxy_to: str = "") -> AsyncIterator[str]:
    """Gives its SIP URI. A call to ``registered`` is declined while alice is registered; every other is busy.

    With ``proxy_to`` it is an outbound proxy instead, which stays in the path of every call and sends it to that company.
    """
    port = free_port()
    config = folder / "kamailio.cfg"
    route = PROXY.format(password=password, company=proxy_to) if proxy_to else REGISTRAR.format(password=password)
    config.write_text(HEAD.format(port=port, transport=transport) + route)
    process = await asyncio.create_subprocess_exec(
        program, "-f", str(config), "-m", "16", "-M", "4", "-DD", "-Y", str(folder),
        stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    try:
        await listening(port, transport)
        yield f"sip:127.0.0.1:{port}"
    finally:
        process.terminate()
        await process.wait()
