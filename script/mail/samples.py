"""In charge of tests/mail: one message of each kind, under a name that says what it shows.

Does not know how they are made. Written again, they differ only in the bytes of the signatures.
"""

from datetime import datetime, timedelta, timezone

from mail import messages

SAMPLES = {
    "accettazione.eml": "acceptance",
    "anomalia.eml": "anomaly",
    "avvenuta-consegna.eml": "delivery",
    "avvenuta-consegna-breve.eml": "delivery:breve",
    "broken-charset.eml": "broken_charset",
    "broken-headers.eml": "broken_headers",
    "broken-mime.eml": "broken_mime",
    "busta.eml": "certified_message",
    "mancata-consegna.eml": "delivery_error",
    "non-accettazione.eml": "non_acceptance",
    "non-accettazione-virus.eml": "non_acceptance:virus",
    "ordinaria.eml": "ordinary",
    "preavviso.eml": "delivery_warning",
    "presa-in-carico.eml": "taken_in_charge",
    "rem-dispatch.eml": "rem_dispatch",
    "rem-receipt.eml": "rem_receipt",
    "rilevazione-virus.eml": "virus_detected",
    "sembra-pec.eml": "suspicious",
    "solo-html.eml": "html_only",
}
AT = datetime(2026, 11, 19, 9, 12, 33, tzinfo=timezone(timedelta(hours=1)))


def write(folder, keys):
    for number, (name, kind) in enumerate(SAMPLES.items()):
        message = messages.make(kind, "protocollo@pec.borgosolare.example", seed=number, at=AT, keys=keys)
        (folder / name).write_bytes(message.raw)
