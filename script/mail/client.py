"""In charge of talking to the running server as others would: LMTP to deliver, IMAP as a second client.

Does not know how messages are made. Everything goes over the plain loopback ports: TLS is the program's affair.
"""

import email
import email.utils
import imaplib
import json
import re
import socket

from mail import users


def envelope_sender(message):
    """The envelope sender that a message would come with: its author's address; none of a daemon's (RFC 5321, 4.5.5)."""
    head = message.replace(b"\r\n", b"\n").partition(b"\n\n")[0]
    author = email.utils.parseaddr(email.message_from_bytes(head + b"\n\n").get("From", ""))[1]
    local = author.partition("@")[0].lower()
    fits = "@" in author and author.isascii() and not set(author) & set("<> \t\r\n")
    return author if fits and local not in ("mailer-daemon", "postmaster") else ""


def deliver(port, recipients, messages, sender=None):
    """Hands each message to each recipient by LMTP (RFC 2033), on one connection; gives the refusals, as answered.

    Without an envelope sender each message comes with its author's."""
    refused = []
    with socket.create_connection(("127.0.0.1", port), timeout=60) as wire, wire.makefile("rb") as answers:
        def say(line):
            wire.sendall(line + b"\r\n")
            return _answer(answers)

        _answer(answers)
        say(b"LHLO localhost")
        for message in messages:
            for recipient in recipients:
                say(b"MAIL FROM:<" + (envelope_sender(message) if sender is None else sender).encode() + b">")
                if refusal := _bad(say(b"RCPT TO:<" + recipient.encode() + b">")):
                    refused.append(refusal)
                    say(b"RSET")
                    continue
                say(b"DATA")
                if refusal := _bad(say(_stuffed(message) + b".")):
                    refused.append(refusal)
        say(b"QUIT")
    return refused


def mark_seen(home, address, uids):
    """Marks messages read, as the owner would from another program; `uids` None means all."""
    with _Inbox(home, address, readonly=False) as box:
        found = uids or [uid.decode() for uid in box.uid("SEARCH", "UNSEEN")[1][0].split()]
        if found:
            box.uid("STORE", ",".join(found), "+FLAGS.SILENT", r"(\Seen)")


def flags(home, address):
    """(uid, flags) of each message of INBOX, looked at without changing them (EXAMINE)."""
    with _Inbox(home, address, readonly=True) as box:
        if box.untagged_responses.get("EXISTS", [b"0"])[-1] == b"0":
            return []
        rows = box.uid("FETCH", "1:*", "(FLAGS)")[1]
        pairs = (re.search(rb"UID (\d+).*?FLAGS \(([^)]*)\)|FLAGS \(([^)]*)\).*?UID (\d+)", row) for row in rows)
        return [(int(m[1] or m[4]), (m[2] if m[1] else m[3]).decode()) for m in pairs if m]


def append(home, address, messages):
    """Puts (raw, moment of arrival, whether read) into INBOX: mail that has been there for a while."""
    with _Inbox(home, address, readonly=False) as box:
        for raw, at, seen in messages:
            box.append("INBOX", r"(\Seen)" if seen else None, imaplib.Time2Internaldate(at), raw)


def bytes_used(home, address):
    """What the mailbox holds, as its quota counts it (RFC 9208: STORAGE in units of 1024 bytes)."""
    with _Inbox(home, address, readonly=True) as box:
        answer = b" ".join(box.getquotaroot("INBOX")[1][1])
        return int(re.search(rb"STORAGE (\d+)", answer)[1]) * 1024


def switch(home, wish):
    """Asks the background process for a fault, for instance {"imap": "off"}; it holds when this returns."""
    with socket.socket(socket.AF_UNIX) as wire:
        wire.connect(str(home.control))
        wire.sendall(json.dumps(wish).encode() + b"\n")
        if wire.makefile().readline() != "ok\n":
            raise ConnectionError("the mail server has not answered")


class _Inbox:
    """INBOX opened and closed again."""

    def __init__(self, home, address, readonly):
        self.home, self.address, self.readonly = home, address, readonly

    def __enter__(self):
        password = users.password_of(self.home, self.address)
        if password is None:
            raise SystemExit(f"mail-server: no such account: {self.address}")
        self.box = imaplib.IMAP4("127.0.0.1", self.home.read_ports()["imap"], timeout=60)
        self.box.authenticate("PLAIN", lambda _: f"\0{self.address}\0{password}".encode())
        self.box.select("INBOX", readonly=self.readonly)
        return self.box

    def __exit__(self, *_):
        self.box.logout()


def _answer(answers):
    """One answer, its last line; several lines carry a dash after the code (RFC 5321 section 4.2.1)."""
    while line := answers.readline():
        if line[3:4] != b"-":
            return line.decode("utf-8", "replace").strip()
    raise ConnectionError("the LMTP server has hung up")


def _bad(answer):
    return "" if answer.startswith(("2", "3")) else answer


def _stuffed(message):
    """Ready for DATA: ends with a line end, and a line that begins with a dot gets a second one."""
    if not message.endswith(b"\n"):
        message += b"\r\n"
    return re.sub(rb"(?m)^\.", b"..", message)
