"""In charge of how quickly the program is there, and how little it takes when idle. Nothing is watched meanwhile: no
mailbox, no mail server.
"""

import statistics
import tempfile
import time
from pathlib import Path

from benches.program import Installation, build, sizes

ROUNDS = 10
IDLE_SECONDS = 5


def run(release):
    program = build(release) / "sportello"
    with tempfile.TemporaryDirectory() as folder:
        installation = Installation(program, Path(folder))
        with installation.serve():
            pass  # makes the database that the others find
        times = []
        for _ in range(ROUNDS):
            with installation.serve() as served:
                times.append(served.started * 1000)
        with installation.serve() as served:
            time.sleep(IDLE_SECONDS)
            memory = served.memory("VmRSS")
        whole, stripped = sizes(program, Path(folder))
    print(f"profile: {'release' if release else 'dev'}")
    print(f"start to first answer: {statistics.median(times):.0f} ms"
          f" (median of {ROUNDS}, from {min(times):.0f} to {max(times):.0f})")
    print(f"idle memory: {memory / 1e6:.1f} MB")
    print(f"binary: {whole / 1e6:.1f} MB, stripped {stripped / 1e6:.1f} MB")
