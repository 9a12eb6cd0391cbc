"""In charge of what watching many mailboxes on one node costs over time: CPU, memory, how late visits begin. Figures
are judged, never enforced.
"""

import sqlite3
import tempfile
import time
from contextlib import closing
from pathlib import Path

from benches.mailboxes import MailServer, watch_all
from benches.program import Installation, build
from benches.refresh import NEVER

PERIOD = 300  # seconds
EVERY_PERIOD = "0 */5 * * * *"
SAMPLE_SECONDS = 5

# Of the visits of the slots since a moment: how late each began, in milliseconds; one not begun yet is late until now.
LATENESS = """
SELECT COALESCE(v.started_at, ?1) - v.due_at, v.outcome FROM visits v JOIN job_runs r ON r.id = v.run_id
WHERE r.slot >= ?2 AND v.due_at <= ?1 ORDER BY 1
"""


def run(mailboxes, minutes):
    program = build(True) / "sportello"
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)  # Dovecot's users walk through it
        with MailServer(Path(folder) / "mail", mailboxes) as server:
            # Concurrency and connections to one server are the program's own defaults.
            installation = Installation(
                program, Path(folder) / "program", refresh_schedule=NEVER, included_mailboxes=mailboxes,
                allow_private_hosts="true", ca_file=server.home.authority)
            installation.add_administrator()
            with installation.serve():
                watch_all(installation, server, "tls")
            installation.set(refresh_schedule=EVERY_PERIOD)
            with installation.serve() as served:
                tell(mailboxes, minutes, *measured(installation, served, minutes))


def measured(installation, served, minutes):
    """(share of one core, the most memory, rows of LATENESS) from the next slot on. The slot that the start finds under
    way is made up for before that, and not counted.
    """
    begins = (time.time() // PERIOD + 1) * PERIOD
    print(f"measuring from {time.strftime('%H:%M', time.localtime(begins))} on, for {minutes} minutes", flush=True)
    time.sleep(max(0, begins - time.time()))
    before, ends, most = served.cpu(), begins + minutes * 60, 0
    while (left := ends - time.time()) > 0:
        time.sleep(min(SAMPLE_SECONDS, left))
        most = max(most, served.memory("VmRSS"))
    share = (served.cpu() - before) / (time.time() - begins)
    with closing(sqlite3.connect(f"file:{installation.database}?mode=ro", uri=True)) as database:
        rows = database.execute(LATENESS, (int(time.time() * 1000), int(begins * 1000))).fetchall()
    return share, most, rows


def tell(mailboxes, minutes, share, memory, rows):
    late = [row[0] / 1000 for row in rows]
    well = sum(row[1] == "ok" for row in rows)
    print(f"\n{mailboxes} mailboxes every {PERIOD // 60} minutes over TLS, {minutes} minutes, {len(rows)} visits due,"
          f" {well} well")
    each = share * minutes * 60 / max(well, 1)
    print(f"  CPU: {share * 100:.2f} % of one core, {each * 1000:.2f} s for 1,000 visits")
    print(f"  memory: {memory / 1e6:.0f} MB at the most")
    if late:
        p50, p99 = (late[min(int(len(late) * part), len(late) - 1)] for part in (0.5, 0.99))
        aim = PERIOD / 10
        print(f"  late: median {p50:.2f} s, p99 {p99:.2f} s, at the most {late[-1]:.2f} s"
              f" (aim: p99 under {aim:.0f} s: {'reached' if p99 < aim else 'NOT reached'})")
