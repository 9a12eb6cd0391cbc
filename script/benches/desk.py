"""In charge of what the desk's pages cost with many requests, beside ten times fewer: the queue, a request of ten and of 300
messages, a requester's list, the search for a common and for a rare word; on SQLite, or on a PostgreSQL server in which
databases may be made. The requests are rows. Figures are judged, never enforced.
"""

import csv
import io
import sqlite3
import subprocess
import tempfile
import time
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from benches.console import CLIENTS, PASSWORD, SECONDS, log_in, measure
from benches.program import ADMINISTRATOR, Installation, build
from benches.refresh import NEVER

CLERK = "utente@example.org"
BODIES = 40
# One in so many requests is still open; of the others the desk keeps the history.
OPEN = 50
HOUR = 3_600_000
SUBJECTS = ("Impossibile accedere alla casella", "Ricevuta di consegna mancante", "Spazio quasi esaurito",
            "Allegato che non si apre", "Variazione del titolare")
PAGES = {"queue": "/operatore", "queue, closed ones": "/operatore?vista=chiuse",
         "request of 10 messages": "/operatore/TK-2026-000001", "request of 300 messages": "/operatore/TK-2026-000002",
         "search of a common word": "/operatore?vista=tutte&q=casella", "search of a rare word": "/operatore?vista=tutte&q=zibaldone",
         "the requester's list": "/richieste"}


def run(tickets, database_url, release):
    program = build(release) / "sportello"
    print(f"profile: {'release' if release else 'dev'}; {SECONDS} s for each figure; "
          f"{'PostgreSQL' if database_url else 'SQLite'}")
    costs = {}
    for share in (10, 1):
        with tempfile.TemporaryDirectory() as folder:
            installation = Installation(program, Path(folder) / "program", refresh_schedule=NEVER)
            rows = Sqlite(installation.database)
            if database_url:
                rows = Postgres(database_url, f"bench_desk_{share}")
                installation.set(database_url=rows.url)
            people(installation)
            fill(rows, tickets // share)
            print(f"\n{tickets // share} requests")
            with installation.serve() as served:
                settle(installation)
                cookies = {email: log_in(installation, email) for email in (ADMINISTRATOR, CLERK)}
                for name, path in PAGES.items():
                    cookie = cookies[CLERK if path.startswith("/richieste") else ADMINISTRATOR]
                    for clients in CLIENTS:
                        costs[name, clients, share] = measure(installation, served, cookie, name, path, clients)
                print(f"memory: {served.memory('VmHWM') / 1e6:.0f} MB at the most")
            rows.end()
    print("\nCPU of a page of the program beside the same with ten times fewer requests (aim: it does not grow)")
    for name in PAGES:
        print(f"  {name}: {costs[name, 1, 1] / costs[name, 1, 10]:.2f}")


def settle(installation):
    """Until the round over deadlines has nothing more to do: the first one moves those that the calendar says otherwise."""
    api, before = installation.api(), None
    while True:
        run_id = api.post("jobs/check-deadlines/run")["run_id"]
        while not (run := api.get(f"jobs/check-deadlines/runs/{run_id}"))["finished_at"]:
            time.sleep(0.5)
        if run["detail"] == before:
            return
        before = run["detail"]


def people(installation):
    installation.add_administrator()
    with installation.serve():
        api = installation.api()
        for number in range(BODIES):
            api.post("organizations", {"name": f"Comune {number}", "code": f"c{number}"})
    installation.command("user", "add", "--email", CLERK, "--name", "Utente", "--role", "org_user", "--org", "c0",
                         "--password-stdin", given=PASSWORD)


def fill(rows, count):
    """Requests of the last year, an hour or less apart; the first has ten messages, the second 300, the others two."""
    now = int(time.time() * 1000)
    bodies = [row[0] for row in rows.ask("SELECT id FROM organizations ORDER BY code")]
    clerk = rows.ask(f"SELECT id FROM persons WHERE email = '{CLERK}'")[0][0]
    step = 365 * 24 * HOUR // count
    said = {1: 10, 2: 300}

    def tickets():
        for number in range(1, count + 1):
            is_open, created = number <= 2 or number % OPEN == 0, now - (count - number) * step
            due = created + 24 * HOUR if is_open else None
            is_theirs = number % 1000 == 0
            yield (f"t{number:08}", f"TK-2026-{number:06}", SUBJECTS[number % 5], "open" if is_open else "closed",
                   ("high", "medium", "low")[number % 3], "pec" if number % 4 else "pki", "portal", 1,
                   bodies[0] if is_theirs else bodies[number % BODIES], clerk if is_theirs else None,
                   f"Persona {number % 997}", CLERK if is_theirs else f"persona{number % 997}@ente.example", "[]",
                   created, created + HOUR, created, due, created, None if is_open else created + HOUR, 0, 0, 1)

    def messages():
        for number in range(1, count + 1):
            for turn in range(said.get(number, 2)):
                yield (f"m{number:08}{turn:04}", f"t{number:08}", "public", 1, "La casella non risponde da questa mattina.",
                       "Persona", "persona@ente.example", "portal", now - (count - number) * step + turn)

    def pieces():
        for number in range(1, count + 1):
            rare = " zibaldone" if number % 20_000 == 7 else ""
            subject = SUBJECTS[number % 5].lower()
            yield (f"t{number:08}", None, 0, f"{subject} tk 2026 {number:06} persona{rare}")
            for turn in range(said.get(number, 2)):
                yield (f"t{number:08}", f"m{number:08}{turn:04}", 0, "casell casella mattin mattina rispond risponde questa")

    rows.put("tickets", "id number subject state severity area channel level organization_id requester_id requester_name"
             " requester_email tags created_at updated_at first_response_due_at resolution_due_at first_responded_at"
             " resolved_at paused_ms reopened revision", tickets())
    rows.put("ticket_messages", "id ticket_id kind shown body author_name author_email channel created_at", messages())
    rows.put("ticket_pieces", "ticket_id message_id desk terms", pieces())
    rows.put("ticket_numbers", "year last", [(2026, count)])
    rows.settle()


class Sqlite:
    """Rows written beside the program."""

    def __init__(self, database):
        self.database = database

    def ask(self, sql):
        with closing(sqlite3.connect(self.database)) as wire:
            return wire.execute(sql).fetchall()

    def put(self, table, columns, rows):
        columns = columns.split()
        sql = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"
        with closing(sqlite3.connect(self.database)) as wire, wire:
            wire.executemany(sql, rows)

    def settle(self):
        with closing(sqlite3.connect(self.database)) as wire:
            wire.execute("ANALYZE")

    def end(self):
        pass


class Postgres:
    """The same in a database of its own, by psql."""

    def __init__(self, server, name):
        self.server, self.name = server, name
        self._psql(server, f"DROP DATABASE IF EXISTS {name}")
        self._psql(server, f"CREATE DATABASE {name}")
        self.url = urlunsplit(urlsplit(server)._replace(path=f"/{name}"))

    def ask(self, sql):
        return list(csv.reader(io.StringIO(self._psql(self.url, sql))))

    def put(self, table, columns, rows):
        copy = f"\\copy {table} ({', '.join(columns.split())}) FROM STDIN WITH (FORMAT csv)"
        psql = subprocess.Popen(["psql", "-q", "-v", "ON_ERROR_STOP=1", "-d", self.url, "-c", copy], stdin=subprocess.PIPE,
                                text=True)
        csv.writer(psql.stdin).writerows(rows)
        psql.stdin.close()
        if psql.wait() != 0:
            raise SystemExit(f"bench: {table} could not be filled")

    def settle(self):
        self._psql(self.url, "VACUUM ANALYZE")

    def end(self):
        self._psql(self.server, f"DROP DATABASE {self.name} WITH (FORCE)")

    @staticmethod
    def _psql(url, sql):
        done = subprocess.run(["psql", "-qtA", "--csv", "-v", "ON_ERROR_STOP=1", "-d", url, "-c", sql], text=True,
                              capture_output=True)
        if done.returncode != 0:
            raise SystemExit(f"bench: psql: {done.stderr.strip()}")
        return done.stdout
