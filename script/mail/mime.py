"""In charge of writing MIME by hand, byte by byte with CRLF, so that a signature covers exactly what is sent.

Does not know about certified mail.
"""

import base64
import quopri
import textwrap
from email.header import Header

CRLF = "\r\n"


def fields(pairs):
    """A header block, one line or folded lines each, closed by the empty line."""
    return "".join(f"{name}: {value}{CRLF}" for name, value in pairs if value is not None).encode() + b"\r\n"


def encoded(text, name="Subject"):
    """A header value with non-ASCII words as RFC 2047 asks, folded."""
    return Header(text, None if text.isascii() else "utf-8", header_name=name, maxlinelen=76).encode(linesep=CRLF)


def text_part(text, charset="utf-8", subtype="plain"):
    """A text part, quoted-printable; lines in `text` end with \\n. ISO-8859-1 has neither ’ nor –."""
    if charset == "iso-8859-1":
        text = text.replace("’", "'").replace("–", "-")
    body = quopri.encodestring(text.replace("\n", CRLF).encode(charset, "replace"))
    lines = body.replace(b"\r\n", b"\n").replace(b"=0D\n", b"\n").replace(b"\n", b"\r\n")
    return fields([
        ("Content-Type", f"text/{subtype}; charset={charset}"),
        ("Content-Transfer-Encoding", "quoted-printable"),
    ]) + lines


def file_part(media_type, name, content, disposition="attachment"):
    """A base64 part with its name both in `name` and in `filename`, as the providers write them."""
    lines = CRLF.join(textwrap.wrap(base64.b64encode(content).decode(), 76)).encode()
    return fields([
        ("Content-Type", f'{media_type}; name="{name}"'),
        ("Content-Transfer-Encoding", "base64"),
        ("Content-Disposition", f'{disposition}; filename="{name}"'),
    ]) + lines + b"\r\n"


def message_part(name, raw):
    """A whole message inside another one."""
    return fields([
        ("Content-Type", f'message/rfc822; name="{name}"'),
        ("Content-Transfer-Encoding", "8bit" if any(byte > 127 for byte in raw) else "7bit"),
        ("Content-Disposition", f'inline; filename="{name}"'),
    ]) + raw


def multipart(kind, boundary, parts, extra=""):
    """(value of Content-Type, body)."""
    line = b"--" + boundary.encode()
    body = b"".join(line + b"\r\n" + part + b"\r\n" for part in parts) + line + b"--\r\n"
    return f'multipart/{kind};{extra} boundary="{boundary}"', body


def multipart_part(kind, boundary, parts):
    """A multipart as a part of another one."""
    content_type, body = multipart(kind, boundary, parts)
    return fields([("Content-Type", content_type)]) + body


def pdf(title):
    """The smallest PDF that viewers open: one page with one line."""
    shown = title.encode("ascii", "ignore").decode().replace("(", "").replace(")", "")
    stream = f"BT /F1 14 Tf 60 760 Td ({shown}) Tj ET"
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        " /Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>",
        f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream",
    ]
    out, places = "%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{content}\nendobj\n"
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    end = f"xref\n0 5\n0000000000 65535 f \n{table}trailer\n<< /Size 5 /Root 1 0 R >>\nstartxref\n{len(out)}\n%%EOF\n"
    return (out + end).encode()
