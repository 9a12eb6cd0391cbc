"""In charge of the background process of `mail-server start`: Dovecot as its child, the SMTP ports, the cuttable IMAPS
port, and a unix socket on which faults are switched. Does not know about messages.
"""

import asyncio
import json
import os
import random
import resource
import signal
import socket
import subprocess

from mail import authority, dovecot
from mail.cutter import Cutter
from mail.smtp import FAULTS, Desk

NAMES = ("imap", "imaps", "imaps_cuttable", "lmtp", "smtp", "smtps")


def run(home, ready):
    """Serves until SIGTERM or SIGINT; calls `ready(ports)` once everything answers."""
    asyncio.run(_serve(home, ready))


async def _serve(home, ready):
    stopped = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    home.prepare()
    home.pid.write_text(f"{os.getpid()}\n")
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit))
    authority.make_server(home.ssl, home.authority)
    signer = asyncio.get_running_loop().run_in_executor(None, authority.make_signer, home.ssl, home.pec_authority)
    ports, process = _start_dovecot(home)
    try:
        desk, cutter = Desk(home, ports["lmtp"]), Cutter(ports["imaps_cuttable"], ports["imaps"])
        await _listen(desk, cutter, ports)
        await signer
        home.control.unlink(missing_ok=True)
        await asyncio.start_unix_server(lambda r, w: _switch(r, w, desk, cutter), home.control)
        home.write_ports(ports)
        ready(ports)
        watch = asyncio.create_task(_until_ended(process, stopped))
        await stopped.wait()
        watch.cancel()
    finally:
        process.terminate()
        try:
            process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            process.kill()
        home.control.unlink(missing_ok=True)
        home.pid.unlink(missing_ok=True)


def _start_dovecot(home):
    """On the ports of the last time, when they are still free: who noted them down finds the server again."""
    dovecot.await_predecessor(home)
    ports = home.read_ports()
    for attempt in range(5):
        if ports is None or not all(_is_free(port) for port in ports.values()):
            ports = _choose_ports()
        try:
            return ports, dovecot.start(home, ports)
        except OSError:
            if attempt == 4:
                raise
            ports = None


def _choose_ports():
    """Below the range that the kernel gives to outgoing connections, so that none of those takes one meanwhile."""
    found = []
    while len(found) < len(NAMES):
        port = random.SystemRandom().randrange(20000, 32000)
        if port not in found and _is_free(port):
            found.append(port)
    return dict(zip(NAMES, found))


def _is_free(port):
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


async def _listen(desk, cutter, ports):
    loop = asyncio.get_running_loop()
    starttls = desk.controller(tls_context=desk.context(), require_starttls=True)
    await loop.create_server(starttls, "127.0.0.1", ports["smtp"])
    # Implicit TLS is done by the loop, which aiosmtpd does not see: it must not ask for STARTTLS inside it.
    implicit = desk.controller(auth_require_tls=False)
    await loop.create_server(implicit, "127.0.0.1", ports["smtps"], ssl=desk.context())
    await cutter.on()


async def _switch(reader, writer, desk, cutter):
    """One fault request: {"imap": "off"} or {"smtp": "4xx"}; answers ok once it holds."""
    asked = json.loads(await reader.readline())
    if asked.get("imap") in ("on", "off"):
        await (cutter.on() if asked["imap"] == "on" else cutter.off())
    if asked.get("smtp") in FAULTS:
        desk.fault = asked["smtp"]
    writer.write(b"ok\n")
    await writer.drain()
    writer.close()


async def _until_ended(process, stopped):
    """A Dovecot that ends by itself ends us too: half a mail server would only puzzle whoever uses it."""
    while process.poll() is None:
        await asyncio.sleep(0.5)
    stopped.set()
