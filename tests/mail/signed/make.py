#!/usr/bin/python3
"""In charge of the signed mails of this folder, of the authorities above their signatures, and of the key with which tests sign more.

`agid.pem` is not of its making: the certificate of a provider of today, and that of the authority above it, as they stand in certified mail.
Made once and kept: made again, every byte of keys and signatures is another. Needs python3-cryptography, and `openssl` to look at
what was made with other eyes. The chain is as pec.md 3 describes it: root, an authority held to some domains, the provider.
"""

import base64
import hashlib
import subprocess
from datetime import datetime, timezone
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

HERE = Path(__file__).parent
BOX = "posta-certificata@gestore.example"
EVER = (datetime(2020, 1, 1), datetime(2040, 1, 1))
SIGNED = datetime(2026, 5, 12, 8, 15, 42)
DIGESTS = {
    "sha1": (hashes.SHA1(), "2b0e03021a", "2a864886f70d010105"),
    "sha256": (hashes.SHA256(), "608648016503040201", "2a864886f70d01010b"),
    "sha384": (hashes.SHA384(), "608648016503040202", "2a864886f70d01010c"),
    "sha512": (hashes.SHA512(), "608648016503040203", "2a864886f70d01010d"),
}


class Certified:
    """A certificate and its key."""

    def __init__(self, name, by=None, *, authority=False, depth=None, domains=None, box=None, between=EVER, purpose=True,
                 usage=True):
        self.key = rsa.generate_private_key(65537, 2048)
        self.by = by
        subject = x509.Name([x509.NameAttribute(NameOID.COUNTRY_NAME, "IT"),
                             x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Gestore di prova S.p.A."),
                             x509.NameAttribute(NameOID.COMMON_NAME, name)])
        made = x509.CertificateBuilder().subject_name(subject).issuer_name(by.made.subject if by else subject)
        made = made.public_key(self.key.public_key()).serial_number(x509.random_serial_number())
        made = made.not_valid_before(between[0]).not_valid_after(between[1])
        made = made.add_extension(x509.BasicConstraints(authority, depth), critical=True)
        uses = dict.fromkeys(["content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
                              "encipher_only", "decipher_only"], False)
        made = made.add_extension(x509.KeyUsage(digital_signature=not authority and usage, crl_sign=authority or not usage,
                                                key_cert_sign=authority, **uses), critical=True)
        if domains:
            made = made.add_extension(x509.NameConstraints([x509.RFC822Name(one) for one in domains], None), critical=True)
        if box:
            made = made.add_extension(x509.SubjectAlternativeName([x509.RFC822Name(box)]), critical=False)
        if not authority and purpose:
            made = made.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION]), critical=False)
        self.made = made.sign((by or self).key, hashes.SHA256())
        self.der = self.made.public_bytes(serialization.Encoding.DER)

    def pem(self):
        return self.made.public_bytes(serialization.Encoding.PEM)


def tlv(tag, *content):
    content = b"".join(content)
    size = len(content)
    length = bytes([size]) if size < 128 else bytes([0x80 | (size.bit_length() + 7) // 8]) + size.to_bytes(
        (size.bit_length() + 7) // 8, "big")
    return bytes([tag]) + length + content


def without_length(tag, *content):
    """BER of indefinite length, as Aruba writes it (pec.md 3)."""
    return bytes([tag, 0x80]) + b"".join(content) + b"\0\0"


def signature(content, signer, others=(), digest="sha256", at=SIGNED, ber=False):
    """A detached SignedData (RFC 5652, 5)."""
    oid = lambda code: tlv(0x06, bytes.fromhex(code))
    around = without_length if ber else tlv
    made, digest_oid, signature_oid = DIGESTS[digest]
    algorithm = tlv(0x30, oid(digest_oid), tlv(0x05))
    attribute = lambda code, value: tlv(0x30, oid(code), tlv(0x31, value))
    attributes = [attribute("2a864886f70d010903", oid("2a864886f70d010701")),
                  attribute("2a864886f70d010904", tlv(0x04, hashlib.new(digest, content).digest()))]
    if at:
        attributes.append(attribute("2a864886f70d010905", tlv(0x17, at.strftime("%y%m%d%H%M%SZ").encode())))
    attributes = b"".join(sorted(attributes))
    signed = signer.key.sign(tlv(0x31, attributes), padding.PKCS1v15(), made)
    issuer = signer.made.issuer.public_bytes()
    serial = signer.made.serial_number
    serial = tlv(0x02, serial.to_bytes(serial.bit_length() // 8 + 1, "big"))
    info = tlv(0x30, tlv(0x02, b"\1"), tlv(0x30, issuer, serial), algorithm, tlv(0xA0, attributes),
               tlv(0x30, oid(signature_oid), tlv(0x05)), tlv(0x04, signed))
    data = around(0x30, tlv(0x02, b"\1"), tlv(0x31, algorithm), around(0x30, oid("2a864886f70d010701")),
                  around(0xA0, signer.der, *(one.der for one in others)), tlv(0x31, info))
    return around(0x30, oid("2a864886f70d010702"), around(0xA0, data))


def part():
    """What is signed: the envelope's text, its data and the letter within."""
    data = ('<?xml version="1.0" encoding="UTF-8"?>\n<postacert tipo="posta-certificata" errore="nessuno"><intestazione>'
            '<mittente>a@pec.montelupo.example</mittente><destinatari tipo="certificato">aiuto@pec.sportello.example'
            '</destinatari><risposte>a@pec.montelupo.example</risposte><oggetto>Richiesta</oggetto></intestazione><dati>'
            '<gestore-emittente>Gestore di prova</gestore-emittente><data zona="+0200"><giorno>12/05/2026</giorno>'
            '<ora>10:15:42</ora></data><identificativo>opec100.20260512101542.00001.10.1.2@gestore.example'
            '</identificativo><msgid>&lt;abc-123@comune.montelupo.example&gt;</msgid></dati></postacert>\n')
    data = base64.encodebytes(data.encode()).decode()
    return f"""Content-Type: multipart/mixed; boundary="=_m"

--=_m
Content-Type: text/plain; charset=iso-8859-1
Content-Transfer-Encoding: quoted-printable

Messaggio di posta certificata =20
--=_m
Content-Type: application/xml; name="daticert.xml"
Content-Transfer-Encoding: base64
Content-Disposition: inline; filename="daticert.xml"

{data}--=_m
Content-Type: message/rfc822; name="postacert.eml"
Content-Disposition: inline; filename="postacert.eml"

Message-ID: <opec100.20260512101542.00001.10.1.2@gestore.example>
From: Anagrafe Montelupo <a@pec.montelupo.example>
To: aiuto@pec.sportello.example
Subject: Richiesta
Date: Tue, 12 May 2026 10:15:40 +0200
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8

Buongiorno,  
la casella non si apre.

--=_m--
""".replace("\n", "\r\n").encode()


def mail(signed, p7s, box=BOX):
    head = f"""X-Trasporto: posta-certificata
Reply-To: a@pec.montelupo.example
X-Riferimento-Message-ID: <abc-123@comune.montelupo.example>
From: "Per conto di: a@pec.montelupo.example" <{box}>
To: aiuto@pec.sportello.example
Subject: POSTA CERTIFICATA: Richiesta
Date: Tue, 12 May 2026 10:15:43 +0200
Message-ID: <opec100.20260512101542.00001.10.1.2@gestore.example>
MIME-Version: 1.0
Content-Type: multipart/signed; protocol="application/x-pkcs7-signature"; micalg=sha-256; boundary="=_s"

""".replace("\n", "\r\n").encode()
    foot = ('Content-Type: application/x-pkcs7-signature; name="smime.p7s"\r\nContent-Transfer-Encoding: base64\r\n'
            'Content-Disposition: attachment; filename="smime.p7s"\r\n\r\n').encode()
    p7s = base64.encodebytes(p7s).replace(b"\n", b"\r\n")
    return head + b"--=_s\r\n" + signed + b"\r\n--=_s\r\n" + foot + p7s + b"\r\n--=_s--\r\n"


def main():
    root = Certified("Radice di prova", authority=True)
    bound = Certified("Autorità di prova CA1", root, authority=True, depth=0, domains=["gestore.example", "pec.gestore.example"])
    good = Certified("Posta Certificata di prova", bound, box=BOX)
    signed = part()
    one = lambda signer, others=(bound,), box=BOX, **how: mail(signed, signature(signed, signer, others, **how), box)
    other = "posta-certificata@altrove.example"
    below = Certified("Sotto la CA1", bound, authority=True)
    old = Certified("Posta Certificata scaduta", bound, box=BOX, between=(datetime(2022, 1, 1), datetime(2025, 1, 1)))
    mails = {
        "valida": one(good),
        # The authorities of the chain in any order, the root among them.
        "valida-con-radice": one(good, (root, bound)),
        "valida-ber-sha1": one(good, digest="sha1", ber=True),
        "valida-ber": one(good, ber=True),
        "valida-sha384": one(good, digest="sha384"),
        "valida-sha512": one(good, digest="sha512"),
        # Valid when it signed, expired since.
        "valida-allora": one(old, at=datetime(2024, 5, 12, 8, 0, 0)),
        "scaduta": one(old),
        "senza-istante": one(good, at=None),
        "senza-catena": one(good, ()),
        "fuori-vincoli": one(Certified("Altrove", bound, box=other), box=other),
        "sottodominio": one(Certified("Sotto", bound, box="p@sotto.gestore.example"), box="p@sotto.gestore.example"),
        "senza-scopo": one(Certified("Senza scopo", bound, box=BOX, purpose=False)),
        "senza-uso": one(Certified("Senza uso", bound, box=BOX, usage=False)),
        "senza-nome": one(Certified("Senza nome", bound)),
        "da-non-autorita": one(Certified("Di un gestore", good, box=BOX), (good, bound)),
        "troppo-profonda": one(Certified("Sotto sotto", below, box=BOX), (below, bound)),
        "fatta-in-casa": one(Certified("Fatta in casa", box=BOX), ()),
    }
    for name, raw in mails.items():
        (HERE / f"{name}.eml").write_bytes(raw)
    (HERE / "radice.pem").write_bytes(root.pem())
    (HERE / "gestore.pem").write_bytes(good.pem() + bound.pem())
    (HERE / "gestore.key.der").write_bytes(good.key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
    for name in mails:
        done = subprocess.run(["openssl", "cms", "-verify", "-in", HERE / f"{name}.eml", "-CAfile", HERE / "radice.pem", "-purpose",
                               "smimesign", "-attime", str(int(SIGNED.replace(tzinfo=timezone.utc).timestamp())), "-out",
                               "/dev/null"], capture_output=True, text=True)
        print(name, done.returncode, done.stderr.strip().splitlines()[-1][:120])


if __name__ == "__main__":
    main()
