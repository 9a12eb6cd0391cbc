"""In charge of where the files of one private mail server lie. Does not know what is written into them.

DIR is what the caller names; it holds ports.json, ca.pem and pec-ca.pem. The working files lie in `state`: DIR itself, or a
folder under /var/tmp when DIR will not do, because Dovecot's own users must be able to walk into it (root's home is
closed to them) and the path of a unix socket has at most 108 bytes.
"""

import json
import os
import shutil
import stat
import zlib
from pathlib import Path

LONGEST_PATH = 70  # leaves room for the sockets that Dovecot makes below it


class Home:
    """The folder of one mail server: `folder` for the caller, `state` for the servers."""

    def __init__(self, folder):
        self.folder = Path(folder).resolve()
        self.state = self.folder if self._will_do() else self._elsewhere()
        self.ports = self.folder / "ports.json"
        self.authority = self.folder / "ca.pem"
        self.pec_authority = self.folder / "pec-ca.pem"
        self.pid = self.folder / "pid"
        self.log = self.state / "log"
        self.control = self.state / "control"
        self.users = self.state / "users"
        self.ssl = self.state / "ssl"

    def prepare(self):
        """Makes both folders; refuses a working folder that somebody else has put there."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self.folder.chmod(0o755)
        if self.state == self.folder:
            return
        fresh = not self.ports.exists()
        if self.state.exists() and (self.state.is_symlink() or self.state.stat().st_uid != os.getuid()):
            raise SystemExit(f"mail-server: {self.state} belongs to somebody else")
        if fresh:
            shutil.rmtree(self.state, ignore_errors=True)
        self.state.mkdir(mode=0o755, exist_ok=True)

    def read_ports(self):
        """The ports as last written, or None."""
        try:
            return json.loads(self.ports.read_text())
        except (FileNotFoundError, ValueError):
            return None

    def write_ports(self, ports):
        write(self.ports, json.dumps(ports) + "\n")

    def _will_do(self):
        if len(str(self.folder)) > LONGEST_PATH:
            return False
        if os.getuid() != 0:
            return True
        above = (parent for parent in self.folder.parents if parent.exists())
        return all(parent.stat().st_mode & stat.S_IXOTH for parent in above)

    def _elsewhere(self):
        return Path(f"/var/tmp/sportello-mail-{os.getuid()}-{zlib.crc32(str(self.folder).encode()):08x}")


def write(path, text, mode=0o644):
    """Writes a whole file or nothing: beside it first, then renamed over it."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    beside.write_text(text)
    beside.chmod(mode)
    os.replace(beside, path)
