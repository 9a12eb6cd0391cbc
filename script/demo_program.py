"""In charge of filling the program of the demo through its outside, commands and API, and of looking at its pages.

Does not know about the database, nor how mail gets into the mailboxes (demo_mail.py).
"""

import html
import http.cookiejar
import json
import re
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request
from datetime import date, datetime, timedelta, timezone

import demo_mail
import demo_past
import demo_tickets
from mail.entities import ENTITIES
from mail.home import Home

PASSWORD = "cipresso-arno-2026"

# (role, e-mail, name, code of the organization, a page of that role)
CAST = (
    ("regional_admin", "chiara.fabbri@regione.example", "Chiara Fabbri", None, "/caselle"),
    ("operator", "marco.lupi@assistenza.example", "Marco Lupi", None, "/operatore"),
    ("org_admin", "anna.ricci@borgosolare.example", "Anna Ricci", "c_x101", "/caselle"),
    ("org_user", "sara.bini@sanitariacostanord.example", "Sara Bini", "asl_cn", "/richieste"),
    ("auditor", "paolo.neri@revisione.example", "Paolo Neri", None, "/registro"),
)
ADMINISTRATOR = CAST[0]

# What people write to the desk: one whom it knows, one of a known body's domain, one whom nobody knows.
LETTERS = (
    ("Sara Bini <sara.bini@sanitariacostanord.example>", "La casella gare non riceve più",
     "Buongiorno,\n\nda stamattina la casella gare@pec.sanitariacostanord.example non riceve più messaggi. "
     "Domani scade un bando.\n\nSara Bini\n"),
    ("Gino Testi <gino.testi@borgosolare.example>", "Accesso alla casella tributi",
     "Buongiorno, sono appena arrivato all’ufficio tributi. A chi chiedo l’accesso alla casella?\n"),
    ("Offerte <commerciale@offerte.example>", "La vostra PEC a metà prezzo", "Gentile cliente, solo per oggi.\n"),
)

# A colleague of hers has just called about the same mailbox: her mail is perhaps the same request.
CALL = {
    "subject": "Gare: da stamattina non arriva niente", "area": "pec", "kind": "incident", "channel": "phone", "severity": "high",
    "body": "Al telefono: dalle 8 di oggi la casella delle gare non riceve niente, nemmeno le ricevute. Domani scade un bando.",
    "requester": {"email": "nadia.riva@sanitariacostanord.example"},
}
CALLED_ABOUT = "gare@pec.sanitariacostanord.example"

# Who else works there, and asks; all with the same password.
STAFF = (
    ("operator", "elisa.conti@assistenza.example", "Elisa Conti", None),
    ("operator", "davide.serra@assistenza.example", "Davide Serra", None),
    ("operator", "irene.galli@assistenza.example", "Irene Galli", None),
    ("org_user", "matteo.villa@borgosolare.example", "Matteo Villa", "c_x101"),
    ("org_user", "laura.sala@borgosolare.example", "Laura Sala", "c_x101"),
    ("org_admin", "franco.moro@sanitariacostanord.example", "Franco Moro", "asl_cn"),
    ("org_user", "nadia.riva@sanitariacostanord.example", "Nadia Riva", "asl_cn"),
    ("org_admin", "luisa.berti@pievelunga.example", "Luisa Berti", "c_x102"),
    ("org_user", "carlo.fusi@pievelunga.example", "Carlo Fusi", "c_x102"),
    ("org_admin", "rita.donati@altacerreta.example", "Rita Donati", "uc_alta"),
    ("org_user", "piero.landi@altacerreta.example", "Piero Landi", "uc_alta"),
    ("org_admin", "silvia.orlandi@ospedalesantamarta.example", "Silvia Orlandi", "ao_smt"),
    ("org_user", "marta.gori@ospedalesantamarta.example", "Marta Gori", "ao_smt"),
    ("org_admin", "giorgio.bassi@provincia.montefosco.example", "Giorgio Bassi", "p_mfo"),
    ("org_user", "teresa.mancini@provincia.montefosco.example", "Teresa Mancini", "p_mfo"),
    ("org_user", "alberto.nesi@ripaalta.example", "Alberto Nesi", "c_x103"),
    ("org_user", "bruna.pieri@bonificapiano.example", "Bruna Pieri", "cb_pia"),
)
# The one of them who has the second level, and the one who knows of digital signatures.
SECOND_LEVEL, OF_SIGNATURES = STAFF[1], STAFF[2]
# Their bodies ask for help with signatures too.
WITH_SIGNATURES = ("asl_cn", "ao_smt", "p_mfo")

# Invited by mail: the first has not yet chosen a password, the second's address has a mistake, so the mail cannot leave.
INVITED = (
    ("org_user", "giulia.marchi@borgosolare.example", "Giulia Marchi", "c_x101"),
    ("operator", "luca.rosi@assistnza.example", "Luca Rosi", None),
)
# No longer at the Comune.
LEFT = ("org_user", "ivo.testi@borgosolare.example", "Ivo Testi", "c_x101")
CLOSED = ("uc_chiu", "Unione dei Comuni Valle Chiusa (cessata)")
CONTACTS = {
    "assistance_phone": "800 000 123", "accessibility_contact": "accessibilita@regione.example",
    "privacy_controller": "Regione Esempio, piazza del Governo 1", "privacy_contact": "privacy@regione.example",
    "privacy_dpo": "dpo@regione.example",
}
VIEWS = (
    ("Da sistemare", "stato=problemi", True),
    ("Comuni con nuovi messaggi", "gruppo=Comuni&nuovi=1", True),
    ("Spazio in esaurimento", "poco_spazio=1", False),
)


def with_mail():
    """The addresses of people at which the demo's mail server takes mail."""
    return [email for _, email, *_ in CAST + STAFF] + [INVITED[0][1], LEFT[1]]


class Api:
    """The API as the administrator's token sees it."""

    def __init__(self, address, token):
        self.address, self.token = address, token

    def get(self, path):
        return self._ask("GET", path)

    def put(self, path, body):
        return self._ask("PUT", path, body)

    def patch(self, path, body):
        return self._ask("PATCH", path, body)

    def post(self, path, body=None):
        return self._ask("POST", path, body if body is not None else {})

    def upload(self, name, text):
        """Sends a file along, for a message to come."""
        body = (f'--b\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\nContent-Type: text/plain\r\n\r\n'
                f"{text}\r\n--b--\r\n").encode()
        return self._ask("POST", "attachments", body, "multipart/form-data; boundary=b")

    def all(self, path):
        """Every item of a list, page after page."""
        cursor = ""
        while cursor is not None:
            page = self.get(f"{path}?limit=200" + (f"&cursor={urllib.parse.quote(cursor)}" if cursor else ""))
            yield from page["items"]
            cursor = page["next"]

    def _ask(self, method, path, body=None, kind="application/json"):
        data = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": kind}
        request = urllib.request.Request(f"{self.address}/api/v1/{path}", data, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            if error.code == 429:
                time.sleep(int(error.headers.get("Retry-After", "1")))
                return self._ask(method, path, body, kind)
            raise SystemExit(f"demo: {method} {path}: {error.code} {error.read().decode(errors='replace')}") from None


def fill(folder, address, program, requests):
    """People, organizations and mailboxes; then what goes wrong with them. Done once: `filled` says so."""
    _add_person(program, ADMINISTRATOR)
    token = _run(program, ["token", "create", "--email", ADMINISTRATOR[1]]).strip()
    kept = folder / "token"
    kept.touch(mode=0o600)
    kept.write_text(token)
    api = Api(address, token)
    organizations = {entity.code: _add_organization(api, entity) for entity in ENTITIES}
    for person in CAST[1:] + STAFF:
        _add_person(program, person)
    ports = Home(folder / "mail").read_ports()
    api.post("capacity/blocks")  # sixty mailboxes are more than the fifty included
    for entity in ENTITIES:
        for box, name in entity.mailboxes():
            _add_mailbox(api, organizations[entity.code], entity, box, name, ports)
    _add_what_people_do(api, address, organizations)
    as_person = lambda email: Api(address, _run(program, ["token", "create", "--email", email]).strip())  # noqa: E731
    asking = [(as_person(person[1]), organizations[person[3]], person[3] in WITH_SIGNATURES)
              for person in CAST + STAFF if person[3]]
    desk = [as_person(person[1]) for person in (CAST[1], STAFF[0])]
    demo_tickets.fill(desk, asking, list(api.all("mailboxes")), api, int(requests))
    _relate(api, address)
    demo_past.spread(folder / "sportello.db", demo_tickets.TODAY)
    about = [box["id"] for box in api.all("mailboxes") if box["address"] == CALLED_ABOUT]
    desk[0].post("tickets", {**CALL, "mailbox_ids": about})
    api.post("intake/mailboxes", demo_mail.intake(folder))
    for sender, subject, text in LETTERS:
        demo_mail.write(folder, sender, subject, text)
    demo_mail.write_as_people_do(folder, "Sara Bini <sara.bini@sanitariacostanord.example>")
    demo_mail.spoil(folder)
    demo_mail.arrive(folder, 14)
    (folder / "filled").write_text(json.dumps(ports))


def _add_what_people_do(api, address, organizations):
    """Grants, views, contacts, who was invited, who left, a body that is no more."""
    ids = {person["email"]: person["id"] for person in api.all("users")}
    boxes = {box["address"]: box["id"] for box in api.all("mailboxes")}

    def grant(email, box, rights, days=None):
        until = None if days is None else (datetime.now(timezone.utc) + timedelta(days=days)).isoformat()
        api.put(f"mailboxes/{boxes[box]}/grants/{ids[email]}", {"rights": rights, "until": until})

    grant("marco.lupi@assistenza.example", "protocollo@pec.borgosolare.example", ["view", "write"])
    grant("marco.lupi@assistenza.example", "protocollo@pec.sanitariacostanord.example", ["view"], 30)
    grant("sara.bini@sanitariacostanord.example", "gare@pec.sanitariacostanord.example", ["view", "write", "send"], 180)
    for name, query, shared in VIEWS:
        api.post("views", {"page": "mailboxes", "name": name, "query": query, "shared": shared})
    for role, email, name, code in (*INVITED, LEFT):
        body = {"role": role, "email": email, "name": name}
        made = api.post("users", body | ({"organization_id": organizations[code]} if code else {}))
        if email == LEFT[1]:
            api.patch(f"users/{made['id']}", {"active": False})
    _add_rules(api, address, organizations, ids)
    code, name = CLOSED
    closed = api.post("organizations", {"code": code, "name": name})
    api.patch(f"organizations/{closed['id']}", {"active": False})
    browser = _logged_in(address, ADMINISTRATOR[1])
    with browser.open(f"{address}/impostazioni", timeout=30) as answer:
        fields = hidden_fields(answer.read().decode()) | CONTACTS
    form = urllib.parse.urlencode(fields).encode()
    browser.open(urllib.request.Request(f"{address}/impostazioni", form, {"Origin": address}), timeout=30).close()


def _add_rules(api, address, organizations, ids):
    """Who has which level and group, and where requests go by themselves."""
    api.patch(f"users/{ids[SECOND_LEVEL[1]]}", {"level": 2})
    for code in WITH_SIGNATURES:
        api.patch(f"organizations/{organizations[code]}", {"areas": ["pec", "pki"]})
    group = api.post("groups", {"name": demo_tickets.GROUP, "area": "pki", "leader_id": ids[SECOND_LEVEL[1]],
                                "member_ids": [ids[OF_SIGNATURES[1]], ids[SECOND_LEVEL[1]]]})
    browser = _logged_in(address, ADMINISTRATOR[1])
    for place, rule in enumerate(demo_tickets.RULES, 1):
        with browser.open(f"{address}/impostazioni/regole/nuova", timeout=30) as answer:
            fields = hidden_fields(answer.read().decode()) | rule
        fields |= {"position": 10 * place, "active": "on", "occasion": "opened"}
        fields |= {"to_group_id": group["id"]} if "area" in rule else {}
        form = urllib.parse.urlencode(fields).encode()
        browser.open(urllib.request.Request(f"{address}/impostazioni/regole", form, {"Origin": address}), timeout=30).close()
    for place, field in enumerate(demo_tickets.FIELDS, 1):
        with browser.open(f"{address}/impostazioni/campi/nuovo", timeout=30) as answer:
            fields = hidden_fields(answer.read().decode()) | field | {"kind": "text", "position": 10 * place, "active": "on"}
        form = urllib.parse.urlencode(fields).encode()
        browser.open(urllib.request.Request(f"{address}/impostazioni/campi", form, {"Origin": address}), timeout=30).close()


def _relate(api, address):
    """One incident is the parent of what others asked about the same."""
    found = [one["number"] for one in api.get(f"tickets?q={urllib.parse.quote('raggiungibile intermittenza')}")["items"]]
    browser = _logged_in(address, CAST[1][1])
    for child in found[1:4]:
        with browser.open(f"{address}/operatore/{found[0]}", timeout=30) as answer:
            fields = hidden_fields(answer.read().decode())
        form = urllib.parse.urlencode({"csrf": fields["csrf"], "relation": "parent", "other": child}).encode()
        request = urllib.request.Request(f"{address}/operatore/{found[0]}/collegate", form, {"Origin": address})
        browser.open(request, timeout=30).close()


def is_filled(folder):
    """Whether the database is whole, and speaks of the mail server as it now is."""
    try:
        return json.loads((folder / "filled").read_text()) == Home(folder / "mail").read_ports()
    except (FileNotFoundError, ValueError):
        return False


def again(folder, address):
    """A database of before: each mailbox is visited once more, however somebody has left it."""
    api = Api(address, (folder / "token").read_text())
    capacity = api.get("capacity")
    if capacity["used"] > capacity["allowed"]:
        api.post("capacity/blocks")
    run_id = api.post("mailboxes/refresh")["run_id"]
    _until(lambda: api.get(f"jobs/refresh-mailboxes/runs/{run_id}")["finished_at"], "the mailboxes are not refreshed")


def wait(folder, address):
    """Until each mailbox of a new database has been visited and stands as it should; two do not, and should not."""
    api = Api(address, (folder / "token").read_text())
    begun = datetime.now(timezone.utc).replace(microsecond=0)
    api.post("mailboxes/refresh")
    odd = {demo_mail.WRONG_PASSWORD: "wrong_password", demo_mail.UNREACHABLE: "unreachable"}
    late = ["no mailbox at all"]

    def all_stand():
        boxes = list(api.all("mailboxes"))
        late[:] = [box["address"] for box in boxes if not _stands(box, odd.get(box["address"], "ok"), begun)]
        return boxes and not late

    _until(all_stand, lambda: f"not refreshed: {', '.join(late)}")


def _until(is_so, else_words):
    ends = time.monotonic() + 120
    while not is_so():
        if time.monotonic() > ends:
            words = else_words() if callable(else_words) else else_words
            raise SystemExit(f"demo: after two minutes {words}")
        time.sleep(0.5)


def pages(address):
    """Logs in as each role and fetches a page; one line each, False when one of them failed."""
    return all([_page(address, *person) for person in CAST])


def _stands(box, expected, begun):
    if box["status"] != expected:
        return False
    # A refused password is not tried again by itself, so that mailbox is never visited anew.
    return expected != "ok" or datetime.fromisoformat(box["last_success_at"]) >= begun


def _page(address, role, email, _name, _organization, path):
    from_start = time.monotonic()
    try:
        browser = _logged_in(address, email)
        with browser.open(f"{address}{path}", timeout=30) as answer:
            landed, size = urllib.parse.urlsplit(answer.url).path, len(answer.read())
    except OSError as error:
        print(f"{role} {path} FAILED: {error}")
        return False
    if landed != path:
        print(f"{role} {path} FAILED: sent to {landed}")
        return False
    print(f"{role} {path} 200, {size // 1024} kB, {(time.monotonic() - from_start) * 1000:.0f} ms with the log-in")
    return True


def _logged_in(address, email):
    browser = urllib.request.build_opener(
        urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()), urllib.request.ProxyHandler({}))
    with browser.open(f"{address}/accedi", timeout=30) as answer:
        fields = hidden_fields(answer.read().decode()) | {"email": email, "password": PASSWORD}
    form = urllib.parse.urlencode(fields).encode()
    browser.open(urllib.request.Request(f"{address}/accedi", form, {"Origin": address}), timeout=30).close()
    return browser


def hidden_fields(page):
    """The CSRF token above all: what a browser sends along with what is typed."""
    inputs = [dict(re.findall(r'(\w+)="([^"]*)"', tag)) for tag in re.findall(r"<input([^>]*)>", page)]
    return {one["name"]: html.unescape(one.get("value", "")) for one in inputs if one.get("type") == "hidden"}


def _add_person(program, person):
    role, email, name, organization, *_ = person
    arguments = ["user", "add", "--email", email, "--name", name, "--role", role, "--password-stdin"]
    _run(program, arguments + (["--org", organization] if organization else []), PASSWORD)


def _add_organization(api, entity):
    made = api.post("organizations", {
        "code": entity.code, "name": entity.name, "tax_code": entity.tax_code, "areas": ["pec"],
        "email_domains": [f"{entity.label}.example"]})
    return made["id"]


def _add_mailbox(api, organization, entity, box, name, ports):
    port = ports["imaps_cuttable" if box == demo_mail.UNREACHABLE else "imaps"]
    api.post("mailboxes", {
        "address": box, "username": box, "password": demo_mail.password(box), "description": name,
        "imap": {"host": "localhost", "port": port, "security": "tls"},
        "smtp": {"host": "localhost", "port": ports["smtps"], "security": "tls"},
        "authorization": {"holder": f"Responsabile della gestione documentale, {entity.name}",
                          "date": str(date.today() - timedelta(days=90))},
        "group": entity.group, "organization_id": organization, "holder_tax_code": entity.tax_code})


def _run(program, arguments, given=None):
    done = subprocess.run([program, *arguments], input=given, capture_output=True, text=True)
    if done.returncode != 0:
        raise SystemExit(f"demo: {program} {' '.join(arguments[:2])}: {done.stderr.strip()}")
    return done.stdout
