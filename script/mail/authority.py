"""In charge of keys and certificates: the authority the program is told to trust, the servers' certificate, and the
certificate with which the invented providers sign. Does not know who uses them. Everything is thrown away with DIR.

The servers' certificate is a leaf (CA:FALSE) under a separate authority: rustls refuses the self-signed certificate
that `openssl req -x509` makes by itself (tech.md section 4). The signing one is as pec.md section 3 describes them:
RSA 2048, digitalSignature critical, emailProtection, and the sender's address among its names.
"""

import shutil
import subprocess

from mail.words import PROVIDERS

LEAF = """basicConstraints=critical,CA:FALSE
keyUsage=critical,digitalSignature
extendedKeyUsage=serverAuth
subjectAltName=DNS:localhost,IP:127.0.0.1
"""

SIGNER = f"""basicConstraints=critical,CA:FALSE
keyUsage=critical,digitalSignature
extendedKeyUsage=emailProtection
subjectAltName={",".join(f"email:{box}@{p.domain}" for p in PROVIDERS for box in ("posta-certificata", "rem-service"))}
"""


def make_server(folder, published):
    """Writes the servers' cert.pem and key.pem into `folder`, and their authority to `published`."""
    if (folder / "cert.pem").exists() and published.exists():
        return
    folder.mkdir(mode=0o700, exist_ok=True)
    curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
    _authority(folder, published, "Sportello, prova: autorità dei server", curve, folder / "ca-key.pem")
    _leaf(folder, "localhost", curve, LEAF, (published, folder / "ca-key.pem"), ("cert.pem", "key.pem"))


def make_signer(folder, published):
    """Writes signer.pem, signer-key.pem and provider-ca.pem, which `pec.sign` uses, and their authority to `published`."""
    if not (folder / "signer.pem").exists():
        _signer(folder)
    shutil.copyfile(folder / "provider-ca.pem", published)


def _signer(folder):
    folder.mkdir(mode=0o700, exist_ok=True)
    rsa = ["-newkey", "rsa:2048"]
    _authority(folder, folder / "provider-ca.pem", "Gestori di prova CA1", rsa, folder / "provider-ca-key.pem")
    issuer = (folder / "provider-ca.pem", folder / "provider-ca-key.pem")
    _leaf(folder, "Posta Certificata di prova", rsa, SIGNER, issuer, ("signer.pem", "signer-key.pem"), "Gestori PEC di prova")


def _authority(folder, certificate, name, key_kind, key):
    _openssl(folder, "req", "-x509", *key_kind, "-nodes", "-utf8", "-keyout", key, "-out", certificate,
             "-days", "3650", "-subj", f"/O=Sportello/CN={name}", "-addext", "keyUsage=critical,keyCertSign,cRLSign")


def _leaf(folder, name, key_kind, extensions, issuer, files, organization="Sportello"):
    certificate, key = (folder / file for file in files)
    (folder / "extensions").write_text(extensions)
    _openssl(folder, "req", *key_kind, "-nodes", "-keyout", key, "-out", folder / "request.pem",
             "-subj", f"/O={organization}/CN={name}")
    # signer.pem is what tells that all is there: it takes its name last.
    _openssl(folder, "x509", "-req", "-in", folder / "request.pem", "-CA", issuer[0], "-CAkey", issuer[1],
             "-days", "3650", "-extfile", folder / "extensions", "-out", folder / "unfinished.pem")
    (folder / "unfinished.pem").rename(certificate)


def _openssl(folder, *arguments):
    done = subprocess.run(["openssl", *map(str, arguments)], cwd=folder, capture_output=True, text=True)
    if done.returncode != 0:
        raise SystemExit(f"mail-server: openssl {arguments[0]}: {done.stderr.strip()}")
