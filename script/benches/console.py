"""In charge of what the pages cost that are kept open all day, and of how quickly they hear of a change: the console with
many mailboxes, the trace with many rows, beside the same with ten times fewer; two hundred consoles told of one change.
No mail server: the mailboxes are rows. Figures are judged, never enforced.
"""

import http.client
import selectors
import socket
import sqlite3
import statistics
import tempfile
import threading
import time
from contextlib import closing
from pathlib import Path
from urllib.parse import urlencode

from benches.program import ADMINISTRATOR, Installation, build
from benches.refresh import NEVER
from demo_program import hidden_fields

PASSWORD = "una-prova-lunga-abbastanza"
SECONDS = 5
CLIENTS = (1, 8)
PAGES = {"console": "/caselle", "console, filtered": "/caselle?stato=ok&ordina=-new", "trace": "/registro",
         "trace of one actor": "/registro?chi=operatore3%40example.org"}
CONSOLES = 200


def run(mailboxes, rows, release):
    program = build(release) / "sportello"
    print(f"profile: {'release' if release else 'dev'}; {SECONDS} s for each figure")
    costs = {}
    for share in (10, 1):
        with tempfile.TemporaryDirectory() as folder:
            installation = Installation(program, Path(folder) / "program", refresh_schedule=NEVER,
                                        included_mailboxes=mailboxes, allow_private_hosts="true")
            installation.add_administrator()
            fill(installation, mailboxes // share, rows // share)
            print(f"\n{mailboxes // share} mailboxes, {rows // share} rows of the trace")
            with installation.serve() as served:
                cookie = log_in(installation)
                for name, path in PAGES.items():
                    for clients in CLIENTS:
                        costs[name, clients, share] = measure(installation, served, cookie, name, path, clients)
                if share == 1:
                    tell_consoles(installation, cookie)
                    print(f"memory: {served.memory('VmHWM') / 1e6:.0f} MB at the most")
    print("\nCPU of a page beside the same with ten times fewer rows (aim: it does not grow)")
    for name in PAGES:
        print(f"  {name}: {costs[name, 1, 1] / costs[name, 1, 10]:.2f}")


def fill(installation, mailboxes, rows):
    """Mailboxes by the API, the rest beside the program; the trace's rows lie before its beginning."""
    with installation.serve():
        api = None
        for number in range(mailboxes):
            if number % 250 == 0:
                api = installation.api()  # each token has a pace of its own
            api.post("mailboxes", {
                "address": f"ufficio{number}@pec.ente{number % 40}.example", "username": f"u{number}",
                "description": f"Ufficio {number} dell'ente {number % 40}", "group": f"Gruppo {number % 12}",
                "imap": {"host": "127.0.0.1"}, "activating": True,
                "authorization": {"holder": "Responsabile", "date": "2026-01-01"}})
    with closing(sqlite3.connect(installation.database)) as database, database:
        database.execute("UPDATE mailboxes SET status = 'ok', new_messages = abs(random()) % 9,"
                         " unread_messages = abs(random()) % 90, total_messages = 500, last_checked_at = 1780000000000")
        now = int(time.time() * 1000)
        database.executemany(
            "INSERT INTO audit (seq, at, actor, action, subject, detail, ip, prev, hash) VALUES (?, ?, ?, ?, ?, '', '', x'00', x'00')",
            ((-number, now - number * 1000, f"operatore{number % 50}@example.org", "mailbox.opened",
              f"ufficio{number % 1000}@pec.example") for number in range(1, rows + 1)))


def log_in(installation, email=ADMINISTRATOR):
    wire = http.client.HTTPConnection("127.0.0.1", installation.port)
    wire.request("GET", "/accedi")
    answer = wire.getresponse()
    page, cookie = answer.read().decode(), answer.getheader("Set-Cookie").split(";")[0]
    form = urlencode(hidden_fields(page) | {"email": email, "password": PASSWORD})
    wire.request("POST", "/accedi", form, {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"})
    answer = wire.getresponse()
    answer.read()
    cookies = [value for name, value in answer.getheaders() if name.lower() == "set-cookie"]
    return next(one for one in cookies if one.startswith("sportello=")).split(";")[0]


def measure(installation, served, cookie, name, path, clients):
    """Prints requests per second, p50, p99 and CPU for each request; gives the CPU, in seconds."""
    times, ends = [], [0.0]

    def ask():
        wire = http.client.HTTPConnection("127.0.0.1", installation.port)
        while (begun := time.monotonic()) < ends[0]:
            wire.request("GET", path, headers={"Cookie": cookie})
            answer = wire.getresponse()
            answer.read()
            if answer.status != 200:
                raise SystemExit(f"bench: {path}: {answer.status}")
            times.append(time.monotonic() - begun)

    ends[0] = time.monotonic() + 1
    ask()  # warm
    times.clear()
    before, begun = served.cpu(), time.monotonic()
    ends[0] = begun + SECONDS
    threads = [threading.Thread(target=ask) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    spent, cost = time.monotonic() - begun, (served.cpu() - before) / len(times)
    ordered = sorted(times)
    p99 = ordered[min(int(len(ordered) * 0.99), len(ordered) - 1)]
    print(f"  {name}, {clients} at once: {len(times) / spent:.0f}/s, p50 {statistics.median(times) * 1000:.1f} ms,"
          f" p99 {p99 * 1000:.1f} ms, CPU {cost * 1000:.2f} ms each", flush=True)
    return cost


def tell_consoles(installation, cookie):
    """How long after a change each of many open consoles hears of it."""
    api = installation.api()
    box = api.get("mailboxes?limit=1")["items"][0]
    wires = selectors.DefaultSelector()
    for _ in range(CONSOLES):
        wire = socket.create_connection(("127.0.0.1", installation.port))
        wire.sendall(f"GET /eventi?argomenti=caselle HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookie}\r\n\r\n".encode())
        wires.register(wire, selectors.EVENT_READ)
    hear(wires, 3, CONSOLES)  # each begins with the word that something has changed
    late = []
    for turn in range(20):
        begun = time.monotonic()
        api.patch(f"mailboxes/{box['id']}", {"description": f"Ufficio {turn}"})
        late += [heard - begun for heard in hear(wires, 3, CONSOLES)]
        time.sleep(0.5)
    late.sort()
    missed = 20 * CONSOLES - len(late)
    p99 = late[int(len(late) * 0.99)]
    print(f"  {CONSOLES} open consoles told of a change: p50 {statistics.median(late) * 1000:.0f} ms,"
          f" p99 {p99 * 1000:.0f} ms, {missed} not told (aim: p99 under 200 ms)")


def hear(wires, patience, most):
    """When each wire first spoke."""
    heard, ends = {}, time.monotonic() + patience
    while len(heard) < most and (left := ends - time.monotonic()) > 0:
        for key, _ in wires.select(left):
            if b"caselle" in key.fileobj.recv(65536):
                heard.setdefault(key.fd, time.monotonic())
    return list(heard.values())
