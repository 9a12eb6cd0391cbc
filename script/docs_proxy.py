"""In charge of running docs/nginx.conf in front of the real program, and of holding what it and the README say of it to
the truth. Does not know how the program does what it is asked.
"""

import contextlib
import http.client
import json
import os
import re
import socket
import ssl
import subprocess
import time
import urllib.parse
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

# The client's own address: on loopback, and yet not the one that the example lets see /metrics.
OUTSIDE = "127.0.0.2"
EMAIL = "prova@example.org"
PASSWORD = "una-prova-lunga-abbastanza"


def check(condition, words):
    if not condition:
        raise SystemExit(f"check-docs: {words}")


def proxy(folder, program):
    """The nginx example in front of the program: what README and docs/nginx.conf say of it is so."""
    port, plain, secure = (free_port() for _ in range(3))
    base = f"https://127.0.0.1:{secure}"
    environment = own_environment(folder) | {
        "SPORTELLO_BASE_URL": base, "SPORTELLO_TRUSTED_PROXIES": "127.0.0.1", "SPORTELLO_ALLOW_PRIVATE_HOSTS": "true",
        "ROCKET_ADDRESS": "127.0.0.1", "ROCKET_PORT": str(port)}
    for command, given in (("user add --name Prova --role regional_admin --password-stdin", PASSWORD),
                           ("token create", "")):
        told = subprocess.run([program, *command.split(), "--email", EMAIL], env=environment, cwd=folder, text=True,
                              input=given, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout
    token = told.strip()
    certificate(folder)
    (folder / "nginx.conf").write_text(around(folder, example(folder, port, plain, secure)))
    nginx = ["/usr/sbin/nginx", "-p", folder, "-e", "stderr", "-c", folder / "nginx.conf"]
    with running([program, "serve"], folder, environment, port), running(nginx, folder, os.environ, secure):
        client = Client(folder, secure)
        redirected(plain)
        logged_in(client, base)
        numbers_are_closed(client, folder, secure)
        events_flow(client, token)
        traced(client, token)
        slow_header_is_cut(client, secure)
    log = (folder / "access.log").read_text()
    links = ("/benvenuto/", "/assistenza/conferma/")
    check("/accedi" in log and not any(link in log for link in links), "the nginx log has not what it should, or has a one-time link")


def redirected(plain):
    answer, _ = ask(http.client.HTTPConnection("127.0.0.1", plain), "GET", "/caselle", {})
    check((answer.status, answer.getheader("Location")) == (301, "https://sportello.example/caselle"),
          "plain http does not lead to https")


def logged_in(client, base):
    answer, page = client.ask("GET", "/accedi")
    check(answer.status == 200, f"/accedi answers {answer.status}")
    for link in ("/benvenuto/niente", "/assistenza/conferma/niente"):
        check(client.ask("GET", link)[0].status == 404, "a wrong one-time link does not answer 404")
    form = {"csrf": re.search(r'name="csrf" value="([^"]+)"', page)[1], "email": EMAIL, "password": PASSWORD}
    # The program compares the browser's Origin with the Host that the proxy hands on; what a client says of its own
    # address is not believed.
    headers = {"Origin": base, "X-Forwarded-For": "9.9.9.9", "Content-Type": "application/x-www-form-urlencoded"}
    answer, _ = client.ask("POST", "/accedi", headers, urllib.parse.urlencode(form))
    given = [cookie for cookie in answer.headers.get_all("Set-Cookie", []) if cookie.startswith("__Host-sportello=")]
    check(answer.status == 303 and len(given) == 1, f"the log-in answers {answer.status}, without its cookie")
    check({"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= set(given[0].split("; ")), "the cookie is not guarded")
    answer, _ = client.ask("GET", "/caselle")
    check(answer.status == 200, f"the console answers {answer.status} after the log-in")


def numbers_are_closed(client, folder, secure):
    for spelling in ("/metrics", "/metrics/", "//metrics//", "/%6detrics", "/./metrics", "/metrics?x"):
        check(client.ask("GET", spelling)[0].status == 403, f"{spelling} is not refused to the outside")
    check(Client(folder, secure, "127.0.0.1").ask("GET", "/metrics")[0].status == 200, "/metrics is closed to loopback")
    check(client.ask("GET", "/healthz")[0].status == 200, "/healthz does not answer")


def events_flow(client, token):
    """An event comes at once, while the stream goes on: nothing gathers it on the way."""
    stream = client.connection()
    try:
        stream.request("GET", "/eventi?argomenti=caselle", headers={"Cookie": client.cookie()})
        answer = stream.getresponse()
        check(answer.status == 200, f"/eventi answers {answer.status}")
        next_event(answer)
        mailbox = {"address": "prova@pec.example.org", "username": "prova@pec.example.org", "activating": True,
                   "imap": {"host": "127.0.0.1", "port": 993, "security": "tls"},
                   "authorization": {"holder": "Prova", "date": "2026-01-02"}}
        made, words = client.ask("POST", "/api/v1/mailboxes", bearer(token), json.dumps(mailbox))
        check(made.status == 201, f"the mailbox is not made: {words}")
        next_event(answer)
    except TimeoutError:
        check(False, "an event does not come through the proxy")
    finally:
        stream.close()


def next_event(answer):
    while answer.readline().strip() != b"event:caselle":
        check(not answer.isclosed(), "the stream of events has ended")


def traced(client, token):
    _, told = client.ask("GET", "/api/v1/audit?action=session.opened", bearer(token))
    row = json.loads(told)["items"][0]
    check(row["ip"] == OUTSIDE, f"the trace says that the client was {row['ip']}")


def slow_header_is_cut(client, secure):
    """In the copy the limit is a second: a header that never ends is given up by nginx, not by us."""
    with client.trust.wrap_socket(socket.create_connection(("127.0.0.1", secure), timeout=10),
                                  server_hostname="127.0.0.1") as wire:
        wire.sendall(b"GET /accedi HTTP/1.1\r\nHost: sporte")
        try:
            check(b"200" not in wire.recv(100), "half a header is answered")
        except TimeoutError:
            check(False, "a header that never ends is waited for")


class Client:
    """A browser with its cookies, at an address of its own."""

    def __init__(self, folder, port, address=OUTSIDE):
        self.port, self.address, self.cookies = port, address, {}
        self.trust = ssl.create_default_context(cafile=folder / "ca.pem")

    def connection(self):
        return http.client.HTTPSConnection("127.0.0.1", self.port, timeout=10, context=self.trust,
                                           source_address=(self.address, 0))

    def cookie(self):
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())

    def ask(self, method, path, headers=None, body=None):
        answer, text = ask(self.connection(), method, path, {"Cookie": self.cookie()} | (headers or {}), body)
        for cookie in answer.headers.get_all("Set-Cookie", []):
            name, _, value = cookie.split(";")[0].partition("=")
            self.cookies[name] = value
        return answer, text


def ask(connection, method, path, headers, body=None):
    with contextlib.closing(connection):
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        return answer, answer.read().decode()


def bearer(token):
    return {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}


def example(folder, port, plain, secure):
    """docs/nginx.conf with ports and certificate of ours, and a shorter patience."""
    text = (ROOT / "docs/nginx.conf").read_text()
    for old, new in (
        ("server 127.0.0.1:8000;", f"server 127.0.0.1:{port};"),
        ("listen 80;", f"listen 127.0.0.1:{plain};"),
        ("listen [::]:80;", ""),
        ("listen 443 ssl http2;", f"listen 127.0.0.1:{secure} ssl http2;"),
        ("listen [::]:443 ssl http2;", ""),
        ("/etc/ssl/sportello/fullchain.pem", f"{folder}/leaf.pem"),
        ("/etc/ssl/sportello/privkey.pem", f"{folder}/leaf.key"),
        ("client_header_timeout 10s;", "client_header_timeout 1s;"),
    ):
        text = replaced(text, old, new)
    return text


def around(folder, site):
    """What a distribution's nginx.conf has around a site."""
    user = "user root;" if os.getuid() == 0 else ""
    places = "".join(f"{name}_temp_path {folder}/{name};\n" for name in
                     ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    return f"""{user}
daemon off;
pid {folder}/nginx.pid;
events {{}}
http {{
access_log {folder}/access.log;
{places}
{site}
}}
"""


def certificate(folder):
    """An authority and a certificate of it for a day."""
    def openssl(*words):
        subprocess.run(["openssl", *words], cwd=folder, check=True, capture_output=True)

    new = ("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "1")
    openssl(*new, "-subj", "/CN=Prova", "-keyout", "ca.key", "-out", "ca.pem")
    openssl(*new, "-subj", "/CN=sportello.example", "-addext", "subjectAltName=IP:127.0.0.1",
            "-addext", "basicConstraints=critical,CA:FALSE", "-CA", "ca.pem", "-CAkey", "ca.key",
            "-keyout", "leaf.key", "-out", "leaf.pem")


@contextlib.contextmanager
def running(command, folder, environment, port):
    """A server that answers on its port, ended with the block."""
    with open(folder / "said", "w+") as said:
        process = subprocess.Popen(command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=said,
                                   stderr=said)
        try:
            until = time.monotonic() + 30
            while not answers(port):
                check(process.poll() is None and time.monotonic() < until,
                      f"{command[0]} does not start:\n{(folder / 'said').read_text()}")
                time.sleep(0.02)
            yield
        finally:
            process.terminate()
            process.wait(timeout=30)


def answers(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def own_environment(folder):
    """An installation of its own: nothing of the caller's settings."""
    own = {name: value for name, value in os.environ.items() if not name.startswith(("SPORTELLO_", "ROCKET_"))}
    return own | {"SPORTELLO_DATABASE_URL": f"sqlite://{folder}/sportello.db", "SPORTELLO_DATA_DIR": str(folder),
                  "SPORTELLO_KEY_FILE": f"{folder}/master.key", "RUST_LOG": "warn"}


def replaced(text, old, new):
    check(text.count(old) == 1, f"«{old}» is not in the example, or more than once")
    return text.replace(old, new)
