"""In charge of the private Dovecot: its configuration and its process. Does not know about SMTP or messages.

What each setting is for, and which traps it avoids, is in tech.md section 4. As root Dovecot uses its own users as
usual; without root everything runs as the caller ("rootless", Dovecot's manual).
"""

import ctypes
import getpass
import grp
import os
import pwd
import signal
import socket
import subprocess
import time
from pathlib import Path

from mail import users

CONFIGURATION = """
base_dir = {state}/run
state_dir = {state}/run
instance_name = sportello
log_path = {state}/log
protocols = imap lmtp
listen = 127.0.0.1
ssl = yes
ssl_cert = <{state}/ssl/cert.pem
ssl_key = <{state}/ssl/key.pem
ssl_min_protocol = TLSv1.2
disable_plaintext_auth = no
auth_mechanisms = plain login
auth_cache_size = 0
auth_failure_delay = 0
first_valid_uid = 1
mail_location = maildir:~/Maildir
mail_fsync = never
mail_max_userip_connections = 0
login_trusted_networks = 127.0.0.1/32
mail_plugins = quota
{rootless}
passdb {{
  driver = dict
  args = {state}/accounts.conf
}}
# Asked only after the accounts have refused, and never itself a success ("continue" leaves the refusal standing): its
# `nodelay` is what makes Dovecot answer a refused log-in at once and not at the next half second.
passdb {{
  driver = static
  args = nopassword=y nodelay=y
  result_success = continue
}}
userdb {{
  driver = dict
  args = {state}/accounts.conf
  default_fields = uid={mail_user} gid={mail_group} home={state}/mail/%Ld/%Ln quota_rule=*:storage=1G
}}
namespace inbox {{
  inbox = yes
  separator = /
  mailbox Drafts {{
    auto = subscribe
    special_use = \\Drafts
  }}
  mailbox Inviata {{
    auto = subscribe
    special_use = \\Sent
  }}
  mailbox Trash {{
    auto = subscribe
    special_use = \\Trash
  }}
}}
protocol imap {{
  mail_plugins = quota imap_quota
}}
plugin {{
  quota = count:User quota
  quota_vsizes = yes
  quota_grace = 0
}}
service anvil {{
  client_limit = 5000
  # Without this socket the growing wait after refused logins is off: tests refuse many.
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
{chroot}}}
service auth {{
  client_limit = 6000
}}
service stats {{
  client_limit = 6000
}}
service imap-login {{
  service_count = 0
  process_min_avail = 1
  client_limit = 4000
{chroot}  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = {imaps}
    ssl = yes
  }}
}}
service imap {{
  process_limit = 3000
  service_count = 200
}}
service lmtp {{
  process_limit = 50
  inet_listener lmtp {{
    port = {lmtp}
  }}
}}
"""

# A dict file and not a passwd-file: Dovecot looks at a passwd-file once a second, and sees a change by its length and
# by whole seconds; a test that adds an account or changes a password and logs in at once would fail now and then.
ACCOUNTS = """
uri = file:{state}/users
default_pass_scheme = PLAIN
key passdb {{
  key = passdb/%Lu
  format = json
}}
key userdb {{
  key = userdb/%Lu
  format = json
}}
passdb_objects = passdb
userdb_objects = userdb
"""


def start(home, ports):
    """Starts Dovecot as our child on the given ports; gives the process once IMAP and LMTP answer.

    Raises OSError when it ends before that, for instance because somebody else has taken a port.
    """
    (home.state / "dovecot.conf").write_text(_configuration(home, ports))
    (home.state / "accounts.conf").write_text(ACCOUNTS.format(state=home.state))
    (home.state / "mail").mkdir(exist_ok=True)
    users.prepare(home)
    if os.getuid() == 0:
        os.chown(home.state / "mail", pwd.getpwnam("mail").pw_uid, grp.getgrnam("mail").gr_gid)
    process = subprocess.Popen(
        [_program(), "-F", "-c", str(home.state / "dovecot.conf")],
        stdin=subprocess.DEVNULL, preexec_fn=_die_with_parent,
    )
    until = time.monotonic() + 30
    for port in (ports["imaps"], ports["imap"], ports["lmtp"]):
        while not _answers(port):
            if process.poll() is not None or time.monotonic() > until:
                process.kill()
                process.wait()
                raise OSError(f"Dovecot does not start, see {home.log}")
            time.sleep(0.02)
    return process


def await_predecessor(home):
    """A Dovecot whose supervisor was killed has been told to end (_die_with_parent), and takes a second for it."""
    pid_file = home.state / "run" / "master.pid"
    until = time.monotonic() + 10
    while time.monotonic() < until:
        try:
            number = int(pid_file.read_text())
            if b"dovecot" not in Path(f"/proc/{number}/cmdline").read_bytes():
                return
        except (OSError, ValueError):
            return
        time.sleep(0.02)


def _configuration(home, ports):
    if os.getuid() == 0:
        return CONFIGURATION.format(
            state=home.state, rootless="", chroot="", mail_user="mail", mail_group="mail", **ports)
    user, group = getpass.getuser(), grp.getgrgid(os.getgid()).gr_name
    rootless = f"default_internal_user = {user}\ndefault_internal_group = {group}\ndefault_login_user = {user}"
    return CONFIGURATION.format(
        state=home.state, rootless=rootless, chroot="  chroot =\n", mail_user=user, mail_group=group, **ports)


def _program():
    for candidate in ("/usr/sbin/dovecot", "/usr/local/sbin/dovecot"):
        if os.access(candidate, os.X_OK):
            return candidate
    raise SystemExit("mail-server: Dovecot is missing: run script/install-packages demo")


def _answers(port):
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1):
            return True
    except OSError:
        return False


def _die_with_parent():
    """PR_SET_PDEATHSIG, prctl(2): however we end, Dovecot does not stay behind."""
    ctypes.CDLL(None).prctl(1, signal.SIGTERM)
