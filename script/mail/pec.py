"""In charge of what a certified mail provider writes: envelopes, receipts, daticert.xml and the signature around them.

Does not know which messages are wanted (messages.py). Sources: pec.md sections 1.2-1.5, RFC 6109 section 3.
"""

import hashlib
import re
import subprocess
from email.utils import format_datetime
from xml.sax.saxutils import escape, quoteattr

from mail import mime


def letter(story):
    """The message as its author's program sent it; inside an envelope its Message-ID is the provider's (pec.md 2.1)."""
    text = (f"Spett.le Ente,\n\n{story.request}\n\nSi resta in attesa di cortese riscontro.\n\n"
            f"Distinti saluti\n{story.signature}\n")
    body = [mime.text_part(text)]
    for name in story.attachments:
        body.append(mime.file_part("application/pdf", name, mime.pdf(story.subject)))
    content_type, content = mime.multipart("mixed", story.boundary("lettera"), body)
    return mime.fields([
        ("Message-ID", f"<{story.identifier}>"),
        ("X-Riferimento-Message-ID", f"<{story.reference}>"),
        ("X-TipoRicevuta", story.receipt_type),
        ("Date", format_datetime(story.at)),
        ("From", f"{mime.encoded(story.signature, 'From')} <{story.sender}>"),
        ("To", story.recipient),
        ("Subject", mime.encoded(story.subject)),
        ("MIME-Version", "1.0"),
        ("Content-Type", content_type),
    ]) + content


def brief(story):
    """The letter in a «breve» delivery: each attachment becomes the SHA-1 of its base64 text (RFC 6109, 3.3.2.2)."""
    def hashed(part):
        digest = hashlib.sha1(part[2]).hexdigest().encode()
        head = part[1].replace(b"application/pdf", b"text/plain").replace(b".pdf", b".pdf.hash")
        return head.replace(b"base64", b"7bit") + b"\r\n\r\n" + digest + b"\r\n"

    return re.sub(rb"(?s)(Content-Type: application/pdf.*?)\r\n\r\n(.*?)\r\n(?=\r\n--)", hashed, letter(story))


def daticert(story, kind, error="nessuno", about_recipient=False, extended=None, receipt=True, recipients=None):
    """daticert.xml (RFC 6109 section 4.4, pec.md 1.5)."""
    destinations = "".join(
        f'    <destinatari tipo="{how}">{escape(address)}</destinatari>\n'
        for address, how in (recipients or [(story.recipient, "certificato")]))
    optional = ""
    if receipt:
        optional += f'    <ricevuta tipo="{story.receipt_type}"/>\n'
    if about_recipient:
        optional += f"    <consegna>{escape(story.recipient)}</consegna>\n"
    if kind == "presa-in-carico":
        optional += f"    <ricezione>{escape(story.recipient)}</ricezione>\n"
    if extended:
        optional += f"    <errore-esteso>{escape(extended)}</errore-esteso>\n"
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f"<postacert tipo={quoteattr(kind)} errore={quoteattr(error)}>\n  <intestazione>\n"
        f"    <mittente>{escape(story.sender)}</mittente>\n{destinations}"
        f"    <risposte>{escape(story.sender)}</risposte>\n    <oggetto>{escape(story.subject)}</oggetto>\n"
        f"  </intestazione>\n  <dati>\n    <gestore-emittente>{escape(story.provider.name)}</gestore-emittente>\n"
        f'    <data zona="{story.at:%z}"><giorno>{story.at:%d/%m/%Y}</giorno><ora>{story.at:%H:%M:%S}</ora></data>\n'
        f"    <identificativo>{escape(story.identifier)}</identificativo>\n"
        f"    <msgid>{escape('<' + story.reference + '>')}</msgid>\n{optional}"
        "  </dati>\n</postacert>\n"
    ).encode()


def envelope(story, headers, notice, xml=None, inside=None, html=True, inside_name="postacert.eml"):
    """A system message: the provider's text, daticert.xml and the original, all signed (pec.md 1.4)."""
    text = mime.text_part(notice, "iso-8859-1")
    if html:
        page = "<html><body><p>" + escape(notice).replace("\n", "<br>\n") + "</p></body></html>\n"
        text = mime.multipart_part(
            "alternative", story.boundary("testo"), [text, mime.text_part(page, "iso-8859-1", "html")])
    parts = [text]
    if xml is not None:
        parts.append(mime.file_part("application/xml", "daticert.xml", xml, "inline"))
    if inside is not None:
        parts.append(mime.message_part(inside_name, inside))
    return signed(story, headers, mime.multipart_part("mixed", story.boundary("parti"), parts))


def signed(story, headers, content):
    """multipart/signed around `content` (RFC 1847)."""
    signature = mime.file_part("application/x-pkcs7-signature", "smime.p7s", _signature(story.keys, content))
    content_type, body = mime.multipart(
        "signed", story.boundary("firma"), [content, signature],
        ' protocol="application/x-pkcs7-signature"; micalg=sha-256;')
    return mime.fields([*headers, ("MIME-Version", "1.0"), ("Content-Type", content_type)]) + body


def _signature(keys, content):
    """A detached CMS SignedData with certificates and signed attributes (RFC 5652)."""
    done = subprocess.run(
        ["openssl", "cms", "-sign", "-binary", "-outform", "DER", "-md", "sha256", "-signer", keys / "signer.pem",
         "-inkey", keys / "signer-key.pem", "-certfile", keys / "provider-ca.pem"],
        input=content, capture_output=True, check=True)
    return done.stdout
