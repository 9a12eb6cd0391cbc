"""In charge of how fast mail to the desk becomes requests, from IMAP to the last row: mixed mails, some with an attachment of
200 kB, some that answer others; beside what the disk makes safe in the same minute; then mails that are made to be too much, one
by one. Figures are judged, never enforced.
"""

import base64
import os
import random
import tempfile
import time
from datetime import datetime
from email.utils import format_datetime
from pathlib import Path

from benches.desk import Postgres, Sqlite
from benches.mailboxes import MailServer
from benches.program import Installation, build
from benches.refresh import NEVER
from mail import client, users

DESK, KEY = "assistenza@bench.example", "chiave-assistenza"
CLERKS = 40
ATTACHMENT = 200_000
AIM = 100
# What is made safe for a mail with a file, one after another: two files, each with its folder, and three transactions.
SYNCS = 7
# What one hostile mail may take.
SECONDS, MEGABYTES = 30, 512


def run(mails, database_url, release):
    program = build(release) / "sportello"
    print(f"profile: {'release' if release else 'dev'}; {'PostgreSQL' if database_url else 'SQLite'}; {mails} mails")
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)  # Dovecot's users walk through it
        with MailServer(Path(folder) / "mail", 0) as server:
            users.put(server.home, DESK, KEY)
            now = datetime.now().astimezone()
            weight = deliver(server.home, mails, now)
            installation = Installation(
                program, Path(folder) / "program", refresh_schedule=NEVER, allow_private_hosts="true",
                ca_file=server.home.authority, intake_max_size="100MB")
            rows = Sqlite(installation.database)
            if database_url:
                rows = Postgres(database_url, "bench_intake")
                installation.set(database_url=rows.url)
            installation.add_administrator()
            with installation.serve() as served:
                measure(installation, served, rows, server.ports["imaps"], mails, weight)
                for what, raw in hostile(now):
                    endure(server.home, served, rows, what, raw)
            rows.end()


def deliver(home, count, now):
    """Puts the mails into the desk's mailbox; gives how many bytes they are."""
    chance, weight = random.Random(7), 0

    def made():
        nonlocal weight
        for number in range(count):
            raw = mail(number, chance, now)
            weight += len(raw)
            yield raw, now, False

    client.append(home, DESK, made())
    return weight


def mail(number, chance, now):
    """Three of five with a file, one of five the answer to an earlier one, the rest text and HTML."""
    clerk = number % CLERKS
    head = (f"From: Persona {clerk} <persona{clerk}@ente.example>\r\nTo: <{DESK}>\r\nDate: {format_datetime(now)}\r\n"
            f"Message-ID: <{number}@ente.example>\r\nMIME-Version: 1.0\r\n")
    text = "La casella non risponde da questa mattina.\r\n" * 10
    kind = number % 5
    if kind == 4 and number > CLERKS:
        earlier = number - CLERKS
        return (head + f"Subject: Re: Prova {earlier}\r\nIn-Reply-To: <{earlier}@ente.example>\r\n"
                "Content-Type: text/plain; charset=utf-8\r\n\r\nAncora io.\r\n\r\n"
                "Il giorno lun 23 nov 2026 Assistenza ha scritto:\r\n> Provi ora.\r\n").encode()
    if kind < 3:
        content = base64.encodebytes(chance.randbytes(ATTACHMENT)).decode().replace("\n", "\r\n")
        return (head + f"Subject: Prova {number}\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n"
                f"Content-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n--b\r\nContent-Type: application/pdf; name=a{number}.pdf\r\n"
                f"Content-Disposition: attachment; filename=a{number}.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n{content}"
                "--b--\r\n").encode()
    return (head + f"Subject: Prova {number}\r\nContent-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\n"
            f"Content-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
            f"<p>{text}</p>\r\n--b--\r\n").encode()


def measure(installation, served, rows, port, mails, weight):
    api = installation.api()
    body = api.post("organizations", {"name": "Ente", "code": "ente"})
    for number in range(CLERKS):
        api.post("users", {"email": f"persona{number}@ente.example", "name": f"Persona {number}", "role": "org_user",
                           "organization_id": body["id"]})
    per_second = syncs(installation.folder)
    cpu, begun = served.cpu(), time.monotonic()
    api.post("intake/mailboxes", {"address": DESK, "username": DESK, "password": KEY, "area": "pec",
                                  "imap": {"host": "localhost", "port": port, "security": "tls"}})
    fetched = None
    while True:
        here, done = (int(n) for n in rows.ask(
            "SELECT COUNT(*), COUNT(*) FILTER (WHERE state <> 'received') FROM intake_mails")[0])
        if here == mails and fetched is None:
            fetched = time.monotonic() - begun
        if done == mails:
            break
        if time.monotonic() - begun > 600:
            raise SystemExit(f"bench: after ten minutes {done} of {mails} are read")
        time.sleep(0.05)
    took, cpu = time.monotonic() - begun, served.cpu() - cpu
    tickets = int(rows.ask("SELECT COUNT(*) FROM tickets")[0][0])
    well = int(rows.ask("SELECT COUNT(*) FROM intake_mails WHERE state = 'done'")[0][0])
    limit = per_second / SYNCS
    print(f"  {mails / took:.0f} mails/s from IMAP to request ({took:.1f} s; all here after {fetched or took:.1f} s), "
          f"{weight / took / 1e6:.1f} MB/s; {well} placed, {tickets} requests")
    print(f"  {cpu / mails * 1000:.1f} ms of CPU a mail; memory at the most {served.memory('VmHWM') / 1e6:.0f} MB")
    print(f"  the disk makes {per_second:.0f} small files safe a second: {limit:.0f} mails/s at {SYNCS} for each; "
          f"aim {min(AIM, limit):.0f} ({'the disk' if limit < AIM else 'the aim'}): "
          f"{'reached' if mails / took >= min(AIM, limit) else 'NOT reached'}", flush=True)


def hostile(now):
    """A mail of 60 MB, one of 5,000 parts, one of 200 levels."""
    def head(name, kind):
        return (f"From: Persona 0 <persona0@ente.example>\r\nTo: <{DESK}>\r\nDate: {format_datetime(now)}\r\nSubject: {name}\r\n"
                f"Message-ID: <{name}@ente.example>\r\nMIME-Version: 1.0\r\nContent-Type: {kind}\r\n\r\n")

    content = base64.encodebytes(random.Random(7).randbytes(44_000_000)).replace(b"\n", b"\r\n")
    yield "60 MB", (head("pesante", "multipart/mixed; boundary=b").encode() + b"--b\r\nContent-Type: application/zip; name=a.zip\r\n"
                    b"Content-Disposition: attachment; filename=a.zip\r\nContent-Transfer-Encoding: base64\r\n\r\n" + content
                    + b"--b--\r\n")
    part = "--b\r\nContent-Type: text/plain; name=a.txt\r\nContent-Disposition: attachment; filename=a.txt\r\n\r\nx\r\n"
    yield "5,000 parts", (head("tante-parti", "multipart/mixed; boundary=b") + part * 5000 + "--b--\r\n").encode()
    levels = "".join(f"--b{at}\r\nContent-Type: multipart/mixed; boundary=b{at + 1}\r\n\r\n" for at in range(200))
    yield "200 levels", (head("profonda", "multipart/mixed; boundary=b0") + levels
                         + "--b200\r\nContent-Type: text/plain\r\n\r\nIn fondo\r\n--b200--\r\n").encode()


def endure(home, served, rows, what, raw):
    """How long the program is busy with a mail, what becomes of it, and how much memory it took so far."""
    settled = "SELECT COUNT(*) FROM intake_mails WHERE state <> 'received'"
    before, begun = int(rows.ask(settled)[0][0]), time.monotonic()
    client.append(home, DESK, [(raw, datetime.now().astimezone(), False)])
    while int(rows.ask(settled)[0][0]) == before:
        if time.monotonic() - begun > 120:
            raise SystemExit(f"bench: after two minutes a mail of {what} is not settled")
        time.sleep(0.05)
    took, memory = time.monotonic() - begun, served.memory("VmHWM") / 1e6
    state, reason = rows.ask("SELECT state, COALESCE(reason, '-') FROM intake_mails ORDER BY id DESC LIMIT 1")[0]
    print(f"  {what}: {state} ({reason}) after {took:.1f} s with its delivery, memory at the most {memory:.0f} MB: "
          f"{'within' if took <= SECONDS and memory <= MEGABYTES else 'NOT within'} {SECONDS} s and {MEGABYTES} MB", flush=True)


def syncs(folder):
    """How many small writes the disk makes safe in a second, one after another."""
    path, count, begun = folder / "sync", 0, time.monotonic()
    with open(path, "wb", buffering=0) as file:
        while time.monotonic() - begun < 2:
            file.write(b"x" * 4096)
            os.fsync(file.fileno())
            count += 1
    path.unlink()
    return count / (time.monotonic() - begun)
