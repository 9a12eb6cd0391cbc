"""In charge of making a message of a kind: the API's `pec.kind` words, and words for what is broken.

Does not know about servers. The same kind, recipient, seed and moment give the same message but for the signature's
bytes, which carry the time of signing. A kind may have a variant after a colon: `delivery:breve`,
`delivery:sintetica`, `delivery_error:virus`, `non_acceptance:virus`.
"""

import random
from datetime import datetime, timedelta
from pathlib import Path

from mail import certified, plain, rem, words
from mail.story import Story

RECEIPTS = certified.RECEIPTS | rem.RECEIPTS
KINDS = RECEIPTS | certified.ENVELOPES | rem.ENVELOPES | plain.KINDS


def make(kind, address, *, seed, keys, at=None, sender=None, subject=None):
    """A message of `kind` as it lies in the mailbox `address`.

    `keys` is the folder of authority.make_signer, `at` the moment (default now), `sender` the bare address of the
    author: for receipts that is the correspondent the mailbox had written to.
    """
    name, _, variant = kind.partition(":")
    chance = random.Random(f"{seed} {name} {address}")
    at = (at or datetime.now().astimezone()).replace(microsecond=0)
    told, request, attachment = chance.choice(words.MATTERS)
    number = chance.randrange(12, 980)
    other = chance.choice([pair for pair in words.correspondents() if pair[0] != address])
    if sender:
        other = (sender, dict(words.correspondents()).get(sender, sender))
    provider = chance.choice(words.PROVIDERS)
    stamp = f"{at - timedelta(seconds=9):%Y%m%d%H%M%S}.{chance.randrange(10**5):05d}.{chance.randrange(1000):03d}.1.6"
    story = Story(
        subject=subject or told.format(n=number), request=request.format(n=number),
        attachments=[attachment.format(n=number)] if chance.random() < 0.7 or variant == "breve" else [],
        sender=other[0], signature=other[1], recipient=address, at=at, provider=provider,
        identifier=f"opec210.{stamp}@{provider.domain}",
        reference=f"{chance.randrange(16**12):012x}@{other[0].partition('@')[2]}",
        receipt_type=variant if variant in ("breve", "sintetica") else "completa", keys=Path(keys), chance=chance,
    )
    if name in RECEIPTS:  # they come back to who has written: the mailbox is the sender
        story.sender, story.recipient, story.signature = address, other[0], _signature_of(address)
        story.reference = f"{story.reference.partition('@')[0]}@{address.partition('@')[2]}"
    return KINDS[name](story, variant)


def _signature_of(address):
    return dict(words.correspondents()).get(address, address)
