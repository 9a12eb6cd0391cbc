"""In charge of the program under measure: building it, an installation of its own in a folder, starting and stopping
it, what the kernel tells of it. Does not know what is measured, nor about mailboxes.
"""

import json
import os
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

from demo_program import Api

ROOT = Path(__file__).resolve().parent.parent.parent
ADMINISTRATOR = "prova@example.org"
TICKS = os.sysconf("SC_CLK_TCK")


def build(release, *packages):
    """Builds the program, and the other packages of the workspace that are named; gives their folder."""
    named = [word for package in ("sportello", *packages) for word in ("-p", package)]
    subprocess.run(["cargo", "build", "--locked", *(["--release"] if release else []), *named], cwd=ROOT, check=True)
    told = subprocess.run(["cargo", "metadata", "--locked", "--no-deps", "--format-version", "1"], cwd=ROOT, check=True,
                          capture_output=True).stdout
    return Path(json.loads(told)["target_directory"]) / ("release" if release else "debug")


class Installation:
    """Database, key and settings in a folder; nothing of the caller's settings."""

    def __init__(self, program, folder, **settings):
        folder.mkdir(exist_ok=True)
        self.program, self.folder, self.port = program, folder, free_port()
        self.database = folder / "sportello.db"
        own = {name: value for name, value in os.environ.items() if not name.startswith(("SPORTELLO_", "ROCKET_"))}
        self.environment = own | {
            "SPORTELLO_DATABASE_URL": f"sqlite://{self.database}", "SPORTELLO_DATA_DIR": str(folder),
            "SPORTELLO_KEY_FILE": f"{folder}/master.key", "SPORTELLO_BASE_URL": self.address,
            "ROCKET_ADDRESS": "127.0.0.1", "ROCKET_PORT": str(self.port)}
        self.set(**settings)

    @property
    def address(self):
        return f"http://127.0.0.1:{self.port}"

    def set(self, **settings):
        """Settings from the next start on."""
        self.environment |= {f"SPORTELLO_{key.upper()}": str(value) for key, value in settings.items()}

    def add_administrator(self):
        self.command("user", "add", "--email", ADMINISTRATOR, "--name", "Prova", "--role", "regional_admin",
                     "--password-stdin", given="una-prova-lunga-abbastanza")

    def api(self):
        """The API with a new token: each has a pace of its own."""
        return Api(self.address, self.command("token", "create", "--email", ADMINISTRATOR).strip())

    def command(self, *arguments, given=None):
        done = subprocess.run([self.program, *arguments], cwd=self.folder, env=self.environment, input=given, text=True,
                              capture_output=True)
        if done.returncode != 0:
            raise SystemExit(f"bench: sportello {' '.join(arguments[:2])}: {done.stderr.strip()}")
        return done.stdout

    def serve(self):
        return Served(self)


class Served:
    """The program serving; `started` is how many seconds its first answer took. Ends with the block."""

    def __init__(self, installation):
        begun = time.monotonic()
        with open(installation.folder / "log", "ab") as log:
            self.process = subprocess.Popen([installation.program, "serve"], cwd=installation.folder,
                                            env=installation.environment, stdout=log, stderr=log)
        while not _answers(installation.port):
            if self.process.poll() is not None or time.monotonic() - begun > 60:
                self.process.kill()
                raise SystemExit(f"bench: the program does not start\n{(installation.folder / 'log').read_text()}")
            time.sleep(0.001)
        self.started = time.monotonic() - begun

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(timeout=30)

    def cpu(self):
        """Seconds of CPU so far, its own and the kernel's for it: proc_pid_stat(5), utime and stime."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def memory(self, which):
        """In bytes: VmRSS, what is resident now, or VmHWM, the most that ever was."""
        lines = Path(f"/proc/{self.process.pid}/status").read_text().splitlines()
        return int(next(line for line in lines if line.startswith(which)).split()[1]) * 1024


def sizes(program, folder):
    """Of the binary in bytes: as built, and stripped."""
    stripped = folder / "stripped"
    shutil.copyfile(program, stripped)
    subprocess.run(["strip", stripped], check=True)
    return program.stat().st_size, stripped.stat().st_size


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _answers(port):
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=30) as wire:
            wire.sendall(b"GET /accedi HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n")
            return b" 200 " in wire.makefile("rb").readline()
    except OSError:
        return False
