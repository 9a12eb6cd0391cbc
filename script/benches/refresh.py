"""In charge of how fast all mailboxes are visited, beside a bare loop of sockets (tests/bench) and beside imaplib in
threads, against the same Dovecot. The three take turns, and the ratios are those of each round: the machine's other
work weighs on all alike. Figures are judged, never enforced.
"""

import json
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path
from statistics import median

from benches import imaplib_threads
from benches.mailboxes import MailServer, watch_all
from benches.program import Installation, build

ROUNDS = 3
MOST_THREADS = 64
WIDE = 256  # the concurrency at which the memory has an aim
NEVER = "0 0 0 1 1 *"  # only what is asked for is measured

# The API tells whole seconds; the database milliseconds.
OF_A_RUN = """
SELECT finished_at - started_at, (SELECT COUNT(*) FROM visits v WHERE v.run_id = r.id AND v.outcome = 'ok')
FROM job_runs r WHERE id = ?
"""

LEAST_OF_SOCKETS, AIM_OF_SOCKETS, LEAST_OF_IMAPLIB, MOST_MEMORY = 0.8, 0.9, 3, 80e6


def run(mailboxes, concurrency, securities):
    built = build(True, "sportello-bench")
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)  # Dovecot's users walk through it
        with MailServer(Path(folder) / "mail", mailboxes) as server:
            for security in securities:
                installation = installed(built, Path(folder) / security, server, security, concurrency)
                measure(installation, built, server, security, concurrency)


def installed(built, folder, server, security, concurrency):
    installation = Installation(
        built / "sportello", folder, refresh_schedule=NEVER, refresh_concurrency=concurrency, connections_per_server=0,
        included_mailboxes=len(server.addresses), allow_private_hosts="true", allow_plaintext_imap="true",
        ca_file=server.home.authority)
    installation.add_administrator()
    with installation.serve():
        watch_all(installation, server, security)
    return installation


def measure(installation, built, server, security, concurrency):
    port = server.ports["imap" if security == "none" else "imaps"]
    authority = [] if security == "none" else [server.home.authority]
    sockets = [built / "sportello-bench", server.accounts, port, concurrency, *authority]
    threads = [sys.executable, imaplib_threads.__file__, server.accounts, port, min(concurrency, MOST_THREADS),
               *authority]
    with installation.serve() as served:
        api = installation.api()
        turns = {"Sportello": lambda: refresh(installation, served, api),
                 "sockets": lambda: loop(sockets, server), "imaplib": lambda: loop(threads, server)}
        for turn in turns.values():
            turn()  # each once unmeasured: indexes, caches
        rounds = [{name: turn() for name, turn in turns.items()} for _ in range(ROUNDS)]
        memory = {concurrency: served.memory("VmHWM")}
    installation.set(refresh_concurrency=WIDE)
    with installation.serve() as served:
        refresh(installation, served, installation.api())
        memory[WIDE] = max(memory.get(WIDE, 0), served.memory("VmHWM"))
    tell(security, concurrency, len(server.addresses), rounds, memory)


def refresh(installation, served, api):
    """(visits a second by the run's own times, seconds of CPU for 1,000 visits) of one refresh that is asked for."""
    before = served.cpu()
    run_id = api.post("jobs/refresh-mailboxes/run")["run_id"]
    while (outcome := api.get(f"jobs/refresh-mailboxes/runs/{run_id}")["outcome"]) is None:
        time.sleep(0.2)
    cpu = served.cpu() - before
    with closing(sqlite3.connect(f"file:{installation.database}?mode=ro", uri=True)) as database:
        milliseconds, well = database.execute(OF_A_RUN, (run_id,)).fetchone()
    if outcome != "ok":
        print(f"  only {well} visits of the program went well", flush=True)
    return well / milliseconds * 1000, cpu / max(well, 1) * 1000


def loop(command, server):
    """The same of a process that visits all mailboxes once."""
    process = subprocess.Popen([str(word) for word in command], stdout=subprocess.PIPE)
    told = json.loads(process.stdout.read())
    used = os.wait4(process.pid, 0)[2]
    process.returncode = 0
    if told["failed"]:
        print(f"  {told['failed']} visits of {Path(command[0]).name} failed", flush=True)
    well = len(server.addresses) - told["failed"]
    return well / told["seconds"], (used.ru_utime + used.ru_stime) / max(well, 1) * 1000


def tell(security, concurrency, mailboxes, rounds, memory):
    print(f"\n{'plain' if security == 'none' else 'TLS'}: {mailboxes} mailboxes, {concurrency} at once,"
          f" medians of {ROUNDS} rounds in turns")
    for name in rounds[0]:
        speeds, cpu = ([one[name][at] for one in rounds] for at in (0, 1))
        print(f"  {name:9} {median(speeds):5.0f} visits/s (from {min(speeds):.0f} to {max(speeds):.0f}),"
              f" {median(cpu):.2f} s of CPU for 1,000 visits")

    def ratio(one, other):
        return median(turns[one][0] / turns[other][0] for turns in rounds)

    of_sockets, of_imaplib = ratio("Sportello", "sockets"), ratio("Sportello", "imaplib")
    print(f"  {of_sockets:.2f} of the sockets' speed (at least {LEAST_OF_SOCKETS}:"
          f" {_word(of_sockets >= LEAST_OF_SOCKETS)}, aim {AIM_OF_SOCKETS}: {_word(of_sockets >= AIM_OF_SOCKETS)})")
    print(f"  {of_imaplib:.1f} times imaplib's speed (at least {LEAST_OF_IMAPLIB}:"
          f" {_word(of_imaplib >= LEAST_OF_IMAPLIB)}; the sockets: {ratio('sockets', 'imaplib'):.1f} times)")
    for wide, bytes_ in memory.items():
        aim = "" if wide != WIDE else f" (aim: under {MOST_MEMORY / 1e6:.0f}: {_word(bytes_ < MOST_MEMORY)})"
        print(f"  peak memory at {wide} at once: {bytes_ / 1e6:.0f} MB{aim}")
    print(flush=True)


def _word(reached):
    return "reached" if reached else "NOT reached"
