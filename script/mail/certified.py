"""In charge of the messages that providers write: envelopes and receipts, one function per kind.

Does not know their MIME structure (pec.py) nor who asks. Sources: pec.md sections 1.2-1.5 and 2, RFC 6109 section 3.
"""

from email.utils import format_datetime

from mail import mime, pec, plain
from mail.story import Message


def _certified_message(story, _variant):
    notice = (f'Messaggio di posta certificata\n\nIl giorno {story.moment} il messaggio\n"{story.subject}" è stato '
              f'inviato da "{story.sender}"\ned indirizzato a:\n{story.recipient}\n'
              f"Il messaggio originale è incluso in allegato.\nIdentificativo messaggio: {story.identifier}\n")
    headers = _headers(story, story.identifier, "POSTA CERTIFICATA: ", [
        ("X-Trasporto", "posta-certificata"), ("X-Tiporicevuta", story.receipt_type)], on_behalf=True)
    raw = pec.envelope(story, headers, notice, pec.daticert(story, "posta-certificata"), pec.letter(story))
    return Message(raw, f"<{story.identifier}>")


def _anomaly(story, _variant):
    """Something that was never certified, wrapped: no daticert.xml (RFC 6109 section 3.2.2)."""
    story.sender, story.signature = plain.author(story)
    inside = plain.letter(story)
    notice = (f'Anomalia nel messaggio\n\nIl giorno {story.moment} è stato ricevuto\nil messaggio "{story.subject}" '
              f'proveniente da "{story.sender}"\ned indirizzato a:\n{story.recipient}\n'
              "Tali dati non sono stati certificati per il seguente errore:\n"
              "il messaggio non è di posta certificata\n\nIl messaggio originale è incluso in allegato.\n")
    own = story.own_id()
    headers = _headers(story, own, "ANOMALIA MESSAGGIO: ", [("X-Trasporto", "errore")], on_behalf=True)
    return Message(pec.envelope(story, headers, notice, inside=inside, html=False), f"<{own}>")


def _acceptance(story, _variant):
    notice = (f'Ricevuta di accettazione\n\nIl giorno {story.moment} il messaggio\n"{story.subject}" proveniente da '
              f'"{story.sender}"\ned indirizzato a:\n{story.recipient} ("posta certificata")\n\n'
              f"Il messaggio è stato accettato dal sistema ed inoltrato.\n"
              f"Identificativo messaggio: {story.identifier}\n")
    return _receipt(story, "accettazione", "ACCETTAZIONE: ", notice, receipt=False)


def _non_acceptance(story, variant):
    virus = variant == "virus"
    why = "è stato rilevato un virus: Eicar-Test-Signature" if virus else "il campo Ccn non è ammesso"
    notice = (f'Errore nell’accettazione del messaggio\n\nIl giorno {story.moment} nel messaggio\n"{story.subject}" '
              f'proveniente da "{story.sender}"\ned indirizzato a {story.recipient}\n'
              f"è stato rilevato un problema che ne impedisce l’accettazione:\n{why}.\n"
              "Il messaggio non è stato accettato.\n")
    prefix = "AVVISO DI NON ACCETTAZIONE PER VIRUS: " if virus else "AVVISO DI NON ACCETTAZIONE: "
    return _receipt(story, "non-accettazione", prefix, notice, error="virus" if virus else "altro", extended=why,
                    virus=virus, receipt=False)


def _taken_in_charge(story, _variant):
    notice = (f'Ricevuta di presa in carico\n\nIl giorno {story.moment} il messaggio\n"{story.subject}" proveniente da '
              f'"{story.sender}"\ned indirizzato a:\n{story.recipient}\nè stato accettato dal sistema.\n')
    return _receipt(story, "presa-in-carico", "PRESA IN CARICO: ", notice, receipt=False)


def _delivery(story, variant):
    notice = (f'Ricevuta di avvenuta consegna\n\nIl giorno {story.moment} il messaggio\n"{story.subject}" '
              f'proveniente da "{story.sender}"\ned indirizzato a "{story.recipient}"\n'
              "è stato consegnato nella casella di destinazione.\n"
              f"Identificativo messaggio: {story.identifier}\n")
    inside = {"breve": pec.brief, "sintetica": lambda _: None}.get(variant, pec.letter)(story)
    return _receipt(story, "avvenuta-consegna", "CONSEGNA: ", notice, about_recipient=True, inside=inside)


def _delivery_error(story, variant):
    virus = variant == "virus"
    why = ("5.5.1 - messaggio con virus" if virus
           else f"5.1.1 - {story.provider.name} - indirizzo non valido")
    notice = (f'Avviso di mancata consegna\n\nIl giorno {story.moment} nel messaggio\n"{story.subject}" proveniente da '
              f'"{story.sender}"\ne destinato all’utente "{story.recipient}"\nè stato rilevato un errore:\n{why}\n'
              f"Il messaggio è stato rifiutato dal sistema.\nIdentificativo messaggio: {story.identifier}\n")
    prefix = "AVVISO DI MANCATA CONSEGNA PER VIRUS: " if virus else "AVVISO DI MANCATA CONSEGNA: "
    return _receipt(story, "errore-consegna", prefix, notice, error="virus" if virus else "altro", extended=why,
                    virus=virus, about_recipient=True, receipt=False)


def _delivery_warning(story, _variant):
    why = "messaggio non consegnato nelle prime dodici ore"
    notice = (f'Avviso di mancata consegna per superamento tempo massimo\n\nIl giorno {story.moment} il messaggio\n'
              f'"{story.subject}" proveniente da "{story.sender}"\ne destinato all’utente "{story.recipient}"\n'
              "non è stato consegnato nelle prime dodici ore dal suo invio. Non escludendo che questo possa avvenire "
              "in seguito,\nsi ritiene utile considerare che l’invio potrebbe non andare a buon fine.\n")
    return _receipt(story, "preavviso-errore-consegna", "AVVISO DI MANCATA CONSEGNA PER SUP. TEMPO MASSIMO: ", notice,
                    error="altro", extended=why, about_recipient=True, receipt=False)


def _virus_detected(story, _variant):
    why = "rilevato virus: Eicar-Test-Signature"
    notice = (f'Avviso di rilevazione virus informatico\n\nIl giorno {story.moment} nel messaggio\n"{story.subject}" '
              f'proveniente da "{story.sender}"\ne destinato all’utente "{story.recipient}"\n'
              "è stato rilevato un virus.\n")
    return _receipt(story, "rilevazione-virus", "PROBLEMA DI SICUREZZA: ", notice, error="virus", extended=why,
                    extra=[("X-Mittente", story.sender)], receipt=False)


def _receipt(story, kind, prefix, notice, *, inside=None, virus=False, extra=(), **certified):
    own = story.own_id()
    checked = [("X-VerificaSicurezza", "errore")] if virus else []
    headers = _headers(story, own, prefix, [("X-Ricevuta", kind), *checked, *extra], on_behalf=False)
    xml = pec.daticert(story, kind, **certified)
    return Message(pec.envelope(story, headers, notice, xml, inside), f"<{own}>")


def _headers(story, own, prefix, marks, on_behalf):
    """An envelope speaks for its sender; a receipt is the provider's own, addressed to who has written."""
    domain = story.provider.domain
    provider = f"posta-certificata@{domain}"
    return [
        ("Received", f"from mx.{domain} (mx.{domain} [192.0.2.{story.chance.randrange(2, 250)}])\r\n"
                     f"\tby pec.{domain} with ESMTPS; {format_datetime(story.at)}"),
        *marks,
        ("X-Riferimento-Message-ID", f"<{story.reference}>"),
        ("Message-ID", f"<{own}>"),
        ("Date", format_datetime(story.at)),
        ("From", f'"Per conto di: {story.sender}" <{provider}>' if on_behalf else provider),
        ("Reply-To", story.sender if on_behalf else None),
        ("To", story.recipient if on_behalf else story.sender),
        ("Subject", mime.encoded(prefix + story.subject)),
    ]


RECEIPTS = {
    "acceptance": _acceptance,
    "non_acceptance": _non_acceptance,
    "taken_in_charge": _taken_in_charge,
    "delivery": _delivery,
    "delivery_error": _delivery_error,
    "delivery_warning": _delivery_warning,
    "virus_detected": _virus_detected,
}
ENVELOPES = {"certified_message": _certified_message, "anomaly": _anomaly}
