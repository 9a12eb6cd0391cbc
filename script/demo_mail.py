"""In charge of the mailboxes of the demo at the mail server: their accounts, the mail that is already there, the one
mailbox whose password changes, the one that cannot be reached, and the mail that keeps coming. Does not know about
the program that watches them.
"""

import argparse
import hashlib
import mimetypes
import random
import struct
import sys
import time
import zlib
from datetime import datetime, timedelta
from email import policy
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from pathlib import Path

from mail import client, messages, users
from mail.entities import ENTITIES
from mail.home import Home

WRONG_PASSWORD = "suap@pec.borgosolare.example"
UNREACHABLE = "polizialocale@pec.lagochiaro.example"
NEARLY_FULL = "ragioneria@pec.pievelunga.example"
FULL_SHARE = 0.8

# How often each kind comes, out of a hundred.
KINDS = {
    "certified_message": 56, "delivery": 12, "acceptance": 11, "anomaly": 6, "delivery:breve": 2, "ordinary": 3,
    "delivery_error": 2, "delivery_warning": 2, "non_acceptance": 1, "suspicious": 1, "html_only": 1,
    "rem_dispatch": 1, "rem_receipt": 1, "broken_charset": 1,
}
DAYS_BACK = 45
# The address from which the program writes to people, and to which they write for help: the desk's own mailbox.
SENDER = "assistenza@sportello.example"
# One more, which is not read until somebody adds it on the page.
SECOND = "firme@sportello.example"


def addresses():
    return [address for entity in ENTITIES for address, _ in entity.mailboxes()]


def password(address):
    """As a provider would have given it; the same each time."""
    return "Pec-" + hashlib.sha256(address.encode()).hexdigest()[:12]


def prepare(folder, people=()):
    """Accounts, also of people who get mail from the program, and old mail; a second call only puts the accounts back as they were."""
    home = Home(folder / "mail")
    for address in [SENDER, SECOND, *people, *addresses()]:
        users.put(home, address, password(address))
    done = folder / "mail-filled"
    if not done.exists():
        for number, address in enumerate(addresses()):
            client.append(home, address, _old_mail(home, address, number))
        done.touch()
    limit = int(client.bytes_used(home, NEARLY_FULL) / FULL_SHARE)
    users.put(home, NEARLY_FULL, password(NEARLY_FULL), limit)


def spoil(folder):
    """What goes wrong in a region every day: one password has been changed, one server is down."""
    home = Home(folder / "mail")
    users.put(home, WRONG_PASSWORD, "cambiata-dal-titolare")
    client.switch(home, {"imap": "off"})


def smtp_url(folder):
    """What the setting of the program says: the server's own door for outgoing mail, with the sender's password."""
    port = Home(folder / "mail").read_ports()["smtps"]
    return f"smtps://{SENDER.replace('@', '%40')}:{password(SENDER)}@localhost:{port}"


def write(folder, sender, subject, text=None, files=(), cc=None, reply_to_id=None):
    """Somebody writes to the desk."""
    message = EmailMessage(policy=policy.SMTP)
    message["From"], message["To"], message["Subject"] = sender, SENDER, subject
    message["Date"], message["Message-ID"] = format_datetime(datetime.now().astimezone()), make_msgid(domain="demo.example")
    if cc:
        message["Cc"] = cc
    if reply_to_id:
        message["In-Reply-To"] = message["References"] = reply_to_id
    message.set_content(text if text is not None else sys.stdin.read())
    for file in map(Path, files):
        kind, _, subtype = (mimetypes.guess_type(file.name)[0] or "application/octet-stream").partition("/")
        message.add_attachment(file.read_bytes(), kind, subtype, filename=file.name)
    client.deliver(Home(folder / "mail").read_ports()["lmtp"], [SENDER], [message.as_bytes()])


def write_by_hand(folder, *words):
    """The same from a shell, with the text on standard input."""
    parser = argparse.ArgumentParser(prog="demo_data.py write FOLDER")
    parser.add_argument("sender", help="an address, or 'Name <address>'")
    parser.add_argument("subject")
    parser.add_argument("files", nargs="*", help="what is attached")
    parser.add_argument("--cc", help="who is in copy")
    parser.add_argument("--reply-to-id", help="the Message-ID that it answers")
    said = parser.parse_intermixed_args(words)
    write(folder, said.sender, said.subject, None, said.files, said.cc, said.reply_to_id)


def second_address(folder):
    """What the page for a second address of the desk asks for."""
    port = Home(folder / "mail").read_ports()["imaps"]
    print(f"address and user  {SECOND}\npassword          {password(SECOND)}\nserver            localhost, port {port}, TLS")


def write_as_people_do(folder, sender):
    """Two more letters to the desk: one with a picture in its place, one by certified mail."""
    home, name = Home(folder / "mail"), sender.partition("<")[0].strip()
    message = EmailMessage(policy=policy.SMTP)
    message["From"], message["To"], message["Subject"] = sender, SENDER, "Errore all’apertura della casella gare"
    message["Date"], message["Message-ID"] = format_datetime(datetime.now().astimezone()), make_msgid(domain="demo.example")
    message.set_content("Buongiorno,\necco che cosa vediamo aprendo la casella gare.\nGrazie\n" + name)
    picture = make_msgid(domain="demo.example")
    message.add_alternative(
        '<div style="font-family:Arial,sans-serif;color:#1f3b57"><p>Buongiorno,</p><p>ecco che cosa vediamo aprendo la casella '
        f'<b>gare</b>:</p><p><img src="cid:{picture[1:-1]}" alt="Schermata con l’errore" width="480"></p><p>La '
        '<a href="https://www.sanitariacostanord.example/guida">guida</a> non aiuta.</p>'
        f'<p>Grazie<br>{name}</p><img src="https://statistiche.example/letta.gif" width="1" height="1"></div>', subtype="html")
    message.get_payload()[1].add_related(_screenshot(), "image", "png", cid=picture, filename="schermata.png", disposition="inline")
    author = sender.partition("<")[2].rstrip(">")
    certified = messages.make("certified_message", SENDER, seed=7, keys=home.ssl, sender=author,
                              subject="Richiesta di una nuova casella PEC per le gare")
    client.deliver(home.read_ports()["lmtp"], [SENDER], [message.as_bytes(), certified.raw])


def _screenshot(width=480, height=180):
    """A window with a red bar and some lines, as a PNG."""
    white, grey, red, blue = b"\xff\xff\xff", b"\xc9\xd1\xd9", b"\xcc\x33\x4d", b"\x00\x66\xcc"

    def line(y):
        if y < 24:
            return blue * width
        if 48 <= y < 84:
            return white * 24 + red * (width - 48) + white * 24
        if y > 100 and y % 20 < 8:
            long = width - 60 - y % 7 * 20
            return white * 24 + grey * long + white * (width - 24 - long)
        return white * width

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\0" + line(y) for y in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def intake(folder):
    """What the program has to know to read the desk's mailbox."""
    port = Home(folder / "mail").read_ports()["imaps"]
    return {"address": SENDER, "username": SENDER, "password": password(SENDER), "area": "pec",
            "imap": {"host": "localhost", "port": port, "security": "tls"}}


def arrive(folder, count):
    """New mail in `count` different mailboxes, at once."""
    home, chance = Home(folder / "mail"), random.Random()
    for address in chance.sample(_lively(), count):
        _deliver(home, address, chance)


def drive(folder):
    """Delivers something somewhere every few seconds, until it is ended."""
    home, chance = Home(folder / "mail"), random.Random()
    while True:
        time.sleep(chance.uniform(2, 6))
        _deliver(home, chance.choice(_lively()), chance)


def _lively():
    """The nearly full one is left as it is: it would be full before long."""
    return [address for address in addresses() if address != NEARLY_FULL]


def _deliver(home, address, chance):
    message = messages.make(_kind(chance), address, seed=chance.randrange(2**48), keys=home.ssl)
    client.deliver(home.read_ports()["lmtp"], [address], [message.raw])


def _old_mail(home, address, number):
    """From a few to a few dozen messages of the last weeks, the older ones mostly read."""
    chance = random.Random(number)
    now = datetime.now().astimezone()
    count = min(40, 3 + int(chance.expovariate(1 / 9)))
    ages = sorted((chance.random() ** 2 * DAYS_BACK for _ in range(count)), reverse=True)
    for place, age in enumerate(ages):
        at = now - timedelta(days=age, minutes=chance.randrange(5, 90))
        message = messages.make(_kind(chance), address, seed=place, keys=home.ssl, at=at)
        yield message.raw, at, chance.random() < (0.95 if age > 3 else 0.4)


def _kind(chance):
    return chance.choices(list(KINDS), list(KINDS.values()))[0]
