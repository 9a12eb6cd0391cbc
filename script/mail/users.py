"""In charge of the accounts: a dict file of Dovecot's (a line with the key, a line with the value), read by Dovecot at
each log-in and by the SMTP server at each AUTH. Does not know about servers or messages.

Passwords are kept as {PLAIN.b64}: any character fits, and checking one costs nothing, so that a thousand log-ins
measure the program and not a hash.
"""

import base64
import fcntl
import grp
import json
import os
import re

ADDRESS = re.compile(r"[A-Za-z0-9._+-]+@[A-Za-z0-9.-]+")
SCHEME = "{PLAIN.b64}"


def put(home, address, password, quota=None):
    """Adds an account or changes it; `quota` in bytes, None keeps the server's default."""
    put_all(home, {address: password}, quota)


def put_all(home, passwords, quota=None):
    """The same for many accounts at once, {address: password}."""
    quota_rule = {} if quota is None else {"quota_rule": f"*:bytes={quota}"}
    with open(home.state / "users.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        accounts = _read(home)
        for address, password in passwords.items():
            if not ADDRESS.fullmatch(address) or ".." in address:
                raise SystemExit(f"mail-server: not an address: {address}")
            secret = SCHEME + base64.b64encode(password.encode()).decode()
            accounts[f"shared/passdb/{address.lower()}"] = json.dumps({"password": secret})
            accounts[f"shared/userdb/{address.lower()}"] = json.dumps({"name": address.lower()} | quota_rule)
        _write(home, "".join(f"{key}\n{value}\n" for key, value in accounts.items()))


def prepare(home):
    """An empty file for a server that has no account yet."""
    if not home.users.exists():
        _write(home, "")


def password_of(home, address):
    """The password of an account, or None when there is no such account."""
    value = _read(home).get(f"shared/passdb/{address.lower()}")
    return value and base64.b64decode(json.loads(value)["password"].removeprefix(SCHEME)).decode()


def _read(home):
    lines = home.users.read_text().splitlines() if home.users.exists() else []
    return dict(zip(lines[::2], lines[1::2]))


def _write(home, text):
    """A new file over the old one: who reads finds all of one or all of the other."""
    beside = home.users.with_name(".users.new")
    beside.write_text(text)
    beside.chmod(0o640)
    if os.getuid() == 0:
        os.chown(beside, 0, grp.getgrnam("dovecot").gr_gid)
    os.replace(beside, home.users)
