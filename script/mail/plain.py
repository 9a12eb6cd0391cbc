"""In charge of the messages that no provider has certified: ordinary ones, one that pretends, and broken ones.

Does not know about certified mail.
"""

from email.utils import format_datetime

from mail import mime, words
from mail.story import Message


def _suspicious(story, _variant):
    """Looks certified and is not: the provider's words, without its headers and without a signature."""
    text = (f"Il messaggio «{story.subject}» inviato da {story.sender} attende in archivio.\n\n"
            "Per leggerlo: http://archivio.posta-sicura.example/accesso?id=88213\n")
    raw = mime.fields([
        ("Message-ID", f"<{story.reference}>"), ("Date", format_datetime(story.at)),
        ("From", f'"Per conto di: {story.sender}" <posta-certificata@avvisi-pec.example>'), ("To", story.recipient),
        ("Subject", mime.encoded(f"POSTA CERTIFICATA: {story.subject}")), ("MIME-Version", "1.0"),
    ])[:-2] + mime.text_part(text)
    return Message(raw, f"<{story.reference}>")


def _ordinary(story, _variant):
    story.sender, story.signature = author(story)
    return Message(letter(story), f"<{story.reference}>")


def _broken_charset(story, _variant):
    """windows-1252 bytes in header and body, and no word about the charset."""
    head = (f"Message-ID: <{story.reference}>\r\nDate: {format_datetime(story.at)}\r\n"
            f"From: Società Però & C. <{story.sender}>\r\nTo: {story.recipient}\r\n"
            f"Subject: Perché è così: {story.subject}\r\nMIME-Version: 1.0\r\n\r\n")
    body = f"L’importo è di 1.250,00 € – la città di Forlì non c’entra.\r\n{story.request}\r\n«Società Però & C.»\r\n"
    return Message((head + body).encode("cp1252", "replace"), f"<{story.reference}>")


def _broken_mime(story, _variant):
    """The boundary announced is not the one used, and the last part never ends."""
    raw = mime.fields([
        ("Message-ID", f"<{story.reference}>"), ("Date", format_datetime(story.at)), ("From", story.sender),
        ("To", story.recipient), ("Subject", mime.encoded(story.subject)), ("MIME-Version", "1.0"),
        ("Content-Type", 'multipart/mixed; boundary="confine-annunciato"'),
    ]) + b"--confine-usato\r\n" + mime.text_part(story.request) + b"\r\n--confine-usato\r\n" + mime.file_part(
        "application/pdf", "tagliato.pdf", mime.pdf("Tagliato"))[:-40]
    return Message(raw, f"<{story.reference}>")


def _broken_headers(story, _variant):
    """No Date, no Message-ID, an author without an address, and a subject of two thousand characters on one line."""
    subject = (story.subject + " e ulteriori comunicazioni ") * 30
    raw = mime.fields([("From", "Ufficio protocollo"), ("To", story.recipient),
                       ("Subject", subject[:2000].encode("ascii", "replace").decode())])
    return Message(raw + story.request.encode("ascii", "replace") + b"\r\n", "")


def _html_only(story, _variant):
    page = (f'<html><head><style>p {{ color: #036 }}</style><script>alert("eseguito")</script></head><body '
            f'onload="alert(1)"><p>Spett.le Ente,</p><p>{story.request}</p>'
            f'<p><a href="javascript:alert(2)">Apri</a> <img src="http://traccia.example/x.gif" alt=""></p>'
            f"<p><b>{story.signature}</b></p></body></html>\n")
    raw = mime.fields([
        ("Message-ID", f"<{story.reference}>"), ("Date", format_datetime(story.at)), ("From", story.sender),
        ("To", story.recipient), ("Subject", mime.encoded(story.subject)), ("MIME-Version", "1.0"),
    ])[:-2] + mime.text_part(page, subtype="html")
    return Message(raw, f"<{story.reference}>")


def letter(story):
    """A short letter, text only."""
    return mime.fields([
        ("Message-ID", f"<{story.reference}>"), ("Date", format_datetime(story.at)), ("From", _mailbox(story)),
        ("To", story.recipient), ("Subject", mime.encoded(story.subject)), ("MIME-Version", "1.0"),
    ])[:-2] + mime.text_part(f"Buongiorno,\n\n{story.request}\n\nCordiali saluti\n{story.signature}\n")


def author(story):
    """(address, signature) of somebody who writes ordinary mail, unless the caller has named the author."""
    if story.signature == story.sender:  # named by the caller
        return story.sender, story.signature
    name, signature = story.chance.choice(words.ORDINARY)
    return name.rpartition("<")[2].rstrip(">"), signature


def _mailbox(story):
    if story.signature == story.sender:
        return story.sender
    return f"{mime.encoded(story.signature, 'From')} <{story.sender}>"


KINDS = {
    "ordinary": _ordinary,
    "suspicious": _suspicious,
    "broken_charset": _broken_charset,
    "broken_mime": _broken_mime,
    "broken_headers": _broken_headers,
    "html_only": _html_only,
}
