"""In charge of the messages of REM, the European certified mail (pec.md section 6.5). Does not know about PEC."""

from email.utils import format_datetime

from mail import mime, pec
from mail.story import Message


def _rem_dispatch(story, _variant):
    """REM, the European format (pec.md section 6.5)."""
    headers = _rem_headers(story, "dispatch", "ContentConsignment", f"REM Dispatch: {story.subject}")
    return _rem(story, headers, "Il messaggio originale è in allegato.\n", pec.letter(story))


def _rem_receipt(story, _variant):
    headers = _rem_headers(story, "receipt", "ContentConsignment", f"REM ContentConsignment: {story.subject}")
    notice = f"Il messaggio è stato consegnato a {story.recipient} il giorno {story.moment}.\n"
    return _rem(story, headers, notice, None)


def _rem_headers(story, kind, event, subject):
    own = story.own_id()
    author, reader = (story.sender, story.recipient) if kind == "dispatch" else (story.recipient, story.sender)
    return own, [
        ("REM-MessageType", f"http://uri.etsi.org/19532/v1#/REMMessageType/{kind}"),
        ("REM-EventIdentifier", f"http://uri.etsi.org/19532/v1#/{event}"),
        ("REM-UAMessageIdentifier", f"<{story.reference}>"),
        ("REM-Evidence-ID", f"{story.chance.randrange(16**16):016x}"),
        ("REM-ApplicablePolicy", "http://gestore.example/policy/rem-it"),
        ("Message-ID", f"<{own}>"), ("Date", format_datetime(story.at)),
        ("From", f'"On behalf of: {author}" <rem-service@{story.provider.domain}>'), ("To", reader),
        ("Subject", mime.encoded(subject)),
    ]


def _rem(story, own_and_headers, notice, inside):
    own, headers = own_and_headers
    evidence = (f'<?xml version="1.0" encoding="UTF-8"?>\n<Evidence><EventCode>ContentConsignment</EventCode>'
                f"<Recipient>{story.recipient}</Recipient><At>{story.at.isoformat()}</At></Evidence>\n").encode()
    def section(name, part):
        return f"REM-Section-Type: rem_message/{name}\r\n".encode() + part

    parts = [section("introduction", mime.text_part(notice)),
             section("xml_evidence", mime.file_part("application/xml", "ContentConsignment.xml", evidence))]
    if inside is not None:
        parts.insert(1, section("original", mime.message_part("original.eml", inside)))
    content = mime.multipart_part("mixed", story.boundary("parti"), parts)
    return Message(pec.signed(story, headers, content), f"<{own}>")


RECEIPTS = {"rem_receipt": _rem_receipt}
ENVELOPES = {"rem_dispatch": _rem_dispatch}
