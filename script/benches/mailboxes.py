"""In charge of a mail server with many mailboxes for a bench, and of putting them under watch. Does not know what is
measured.
"""

import ctypes
import grp
import json
import os
import pwd
import shutil
import signal
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from mail import users
from mail.home import Home

SCRIPT = Path(__file__).resolve().parent.parent
LOADERS = 4
EACH_TOKEN = 250  # requests that a token may make in one go: its burst is 300

MESSAGE = """Received: from localhost by bench.example; Sun, 22 Nov 2026 09:00:00 +0100
From: prova@bench.example
To: {address}
Subject: Prova {number}
Date: Sun, 22 Nov 2026 09:00:00 +0100
Message-ID: <{number}.{address}>

Un messaggio.
"""


class MailServer:
    """The project's own mail server with `count` mailboxes of two or three messages each, the first one read. Ends with
    the block. Dovecot's limits are already those of tech.md section 4 (mail/dovecot.py): no cap, no penalty.
    """

    def __init__(self, folder, count):
        self.home, self.accounts = Home(folder), folder / "accounts"
        self.addresses = [f"casella{number:05d}@bench.example" for number in range(count)]
        self.home.prepare()
        for number, address in enumerate(self.addresses):
            self._fill(address, 2 + number % 2)
        users.put_all(self.home, {address: password(address) for address in self.addresses})
        self.accounts.write_text("".join(f"{address} {password(address)}\n" for address in self.addresses))
        self.process = subprocess.Popen([SCRIPT / "mail-server", "run", folder], stdout=subprocess.PIPE,
                                        preexec_fn=_die_with_parent)
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit(f"bench: the mail server does not start, see {self.home.log}")
        self.ports = json.loads(line)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(timeout=30)
        shutil.rmtree(self.home.state, ignore_errors=True)  # not always in the caller's folder

    def _fill(self, address, count):
        """Writes the Maildir that Dovecot finds at the first visit: faster than delivering."""
        name, _, domain = address.partition("@")
        home = self.home.state / "mail" / domain / name
        for folder in ("cur", "new", "tmp"):
            (home / "Maildir" / folder).mkdir(parents=True)
        for number in range(count):
            where = f"cur/{number}.bench:2,S" if number == 0 else f"new/{number}.bench"
            (home / "Maildir" / where).write_text(MESSAGE.format(address=address, number=number))
        if os.getuid() == 0:
            owner, group = pwd.getpwnam("mail").pw_uid, grp.getgrnam("mail").gr_gid
            for path in (home, *home.rglob("*")):
                os.chown(path, owner, group)


def password(address):
    return f"chiave-{address.partition('@')[0]}"


def watch_all(installation, server, security):
    """Adds every mailbox by the API, each with its first log-in; the program is serving."""
    port = server.ports["imap" if security == "none" else "imaps"]
    begun = time.monotonic()

    def add(api, addresses):
        for address in addresses:
            api.post("mailboxes", {
                "address": address, "username": address, "password": password(address),
                "imap": {"host": "localhost", "port": port, "security": security},
                "authorization": {"holder": "Responsabile", "date": "2026-01-02"}})

    shares = [server.addresses[at:at + EACH_TOKEN] for at in range(0, len(server.addresses), EACH_TOKEN)]
    with ThreadPoolExecutor(LOADERS) as loaders:
        for done in [loaders.submit(add, installation.api(), share) for share in shares]:
            done.result()
    print(f"{len(server.addresses)} mailboxes added in {time.monotonic() - begun:.0f} s", flush=True)


def _die_with_parent():
    """PR_SET_PDEATHSIG, prctl(2): however we end, the mail server does not stay behind."""
    ctypes.CDLL(None).prctl(1, signal.SIGTERM)
