"""In charge of the requests of the demo: what people of the entities ask, what the desk answers, how far each has come. All of
it through the API, as each of them.

Does not know who the people are (demo_program.py) nor about mail.
"""

import random

# (subject, body, kind, priority, and the area when it is not mailboxes)
ASKED = (
    ("Impossibile accedere alla casella", "Da stamattina la casella rifiuta la password. Abbiamo una conferenza dei "
     "servizi con scadenza oggi alle 12.\n\nNel messaggio compare «Credenziali non valide».", "incident", "critical"),
    ("Ricevuta di consegna mancante per il bando", "Abbiamo inviato la PEC ieri alle 17:40: è arrivata l’accettazione ma "
     "non la consegna. Come si verifica?", "incident", "high"),
    ("Allegato .p7m che non si apre", "Un fornitore ci ha mandato un allegato firmato che il programma non apre.",
     "consulting", "medium"),
    ("Spazio quasi esaurito", "La casella è piena per l’87 %. Vorremmo 1 GB in più.", "service_request", "medium"),
    ("Condividere la casella con due colleghi", "Due colleghe dell’ufficio devono leggere la casella senza la password.",
     "service_request", "low"),
    ("Messaggi con il marchio «Messaggio non PEC»", "Arrivano messaggi segnati come anomalia: sono validi?", "consulting",
     "low"),
    ("Casella non raggiungibile a intermittenza", "La casella va e viene da due giorni, soprattutto la mattina.",
     "incident", "high"),
    ("Variazione del titolare", "È cambiato il responsabile dell’ufficio: che moduli servono?", "maintenance", "low"),
    ("Formazione per il nuovo protocollo", "Chiediamo un’ora di formazione per tre persone.", "consulting", "low"),
    ("Rinnovo di un certificato di firma", "Il certificato di firma remota della dirigente scade a fine mese: come si rinnova?",
     "service_request", "medium", "pki"),
    ("La firma remota chiede un codice che non arriva", "Il codice per firmare non arriva sul telefono da questa mattina.",
     "incident", "high", "pki"),
    ("Rallentamenti nell’apertura dei messaggi", "Dopo le 15 i messaggi si aprono con molta lentezza.", "incident",
     "medium"),
)
READY = (
    ("Password rifiutata", "Gentile {{richiedente}},\n\nla casella {{casella}} rifiuta la password. Il cambio è stato fatto dal "
     "vostro ufficio? Se sì, il titolare comunica la nuova all’amministratore regionale, che la inserisce: non scrivetela "
     "in una richiesta."),
    ("Spazio aggiuntivo", "Gentile {{richiedente}},\n\nlo spazio in più per {{casella}} viene assegnato entro 3 ore di servizio."),
)
QUESTION = "Buongiorno, a quale indirizzo succede, e da quando?"
ANSWER = "Succede dalle 8:30 di ieri, sempre sulla stessa casella."
NOTE = "Dalla console la casella ha avuto un solo rifiuto: chiedere al richiedente se il cambio della password è voluto."
SOLUTION = "La password è stata rinnovata dal titolare e provata: la casella è di nuovo attiva."


FILE = ("verbale-di-prova.txt", "Verbale di prova: il messaggio inviato alle 17:40 risulta accettato e non consegnato.\n")
# Of so many of the last requests this share is still to be worked on; the others are solved.
LATEST, STILL_OPEN = 60, 0.75
# So many of the last ones are of today.
TODAY = 4

# What the form of each area asks for beside what it asks of everybody.
FIELDS = (
    {"label": "Programma con cui si legge la casella", "label_en": "Program with which the mailbox is read", "area": "pec",
     "help": "Per esempio Outlook, Thunderbird o la webmail del gestore."},
    {"label": "Numero di serie del dispositivo", "label_en": "Serial number of the device", "area": "pki", "required": "on",
     "help": "È scritto sulla smart card o sotto il token USB."},
)

GROUP, RULES = "Firma digitale", (
    {"name": "Firma digitale al suo gruppo", "area": "pki", "to_tags": "firma"},
    {"name": "Accessi negati", "words": "password, accedere", "to_tags": "accesso"},
)


def fill(desk, asking, boxes, leader, count):
    """Opens and works on requests. `desk` are the operators' APIs, `asking` are (API, organization, whether it asks about
    signatures too) of those who ask, `boxes` all mailboxes, `leader` the API of who answers for all."""
    dice = random.Random(26)
    for title, body in READY:
        desk[0].post("canned-answers", {"title": title, "body": body, "area": "pec"})
    for number in range(count):
        api, organization, all_areas = asking[dice.randrange(len(asking))] if number >= len(asking) else asking[number]
        asked = dice.choice([one for one in ASKED if all_areas or len(one) == 4])
        ticket = _open(api, dice, asked, [box for box in boxes if box["organization_id"] == organization])
        still_open = number >= count - LATEST and dice.random() < STILL_OPEN
        step = dice.randrange(8) if still_open else dice.choice((8, 8, 8, 9, 9, 10))
        _go_on(desk[number % len(desk)], api, leader, ticket, step)


def _open(api, dice, asked, boxes):
    subject, body, kind, priority, *area = asked
    box = dice.choice(boxes) if boxes and not area and dice.random() < 0.7 else None
    if box:
        subject = f"{subject}: {box['address'].split('@')[0]}"
    files = [api.upload(*FILE)["id"]] if dice.random() < 0.08 else []
    fields = {one["id"]: f"SN-{dice.randrange(10**6):06}" for one in api.get("request-fields")["items"]
              if area and one["area"] == area[0] and one["required"]}
    return api.post("tickets", {"fields": fields, "subject": subject, "body": body, "area": area[0] if area else "pec", "kind": kind,
                                "priority": priority, "mailbox_ids": [box["id"]] if box else [], "attachments": files})


def _go_on(desk, api, leader, ticket, step):
    """Takes a request as far as its step says: up to two it waits untouched, from eight on it is done with."""
    path = f"tickets/{ticket['number']}"
    if step == 0:
        leader.patch(path, {"severity": "critical"})
    if step < 3:
        return
    desk.post(f"{path}/take")
    if step == 3:
        return
    if step == 10:
        desk.post(f"{path}/cancel", {"reason": "Aperta due volte: si prosegue nell’altra."})
        return
    desk.post(f"{path}/messages", {"kind": "public", "body_text": QUESTION})
    if step == 4:
        desk.post(f"{path}/wait", {"for": "requester", "reason": "Serve l’indirizzo della casella."})
        return
    if step in (5, 6):
        desk.post(f"{path}/messages", {"kind": "internal", "body_text": NOTE})
    api.post(f"{path}/messages", {"kind": "public", "body_text": ANSWER})
    if step == 6:
        desk.post(f"{path}/wait", {"for": "third_party", "reason": "Segnalato al gestore, pratica 2026/4471."})
    if step == 7:
        desk.post(f"{path}/escalate", {"level": 2, "reason": "Serve una verifica dei registri del server."})
    if step >= 8:
        desk.post(f"{path}/resolve", {"solution": SOLUTION})
    if step == 9:
        api.post(f"{path}/messages", {"kind": "public", "body_text": "Grazie mille!"})
        api.post(f"{path}/close")
