"""In charge of what one generated message is about. Does not know how it is written."""

import random
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from mail import words


@dataclass
class Story:
    """Who wrote what to whom, when, through which provider."""

    subject: str
    request: str
    attachments: list
    sender: str
    signature: str
    recipient: str
    at: datetime
    provider: words.Provider
    identifier: str  # the provider's Message-ID of the letter
    reference: str  # the Message-ID that the author's program gave
    receipt_type: str
    keys: Path
    chance: random.Random

    def boundary(self, name):
        return f"----=_{name}_{self.identifier.partition('@')[0][-18:]}"

    def own_id(self):
        """A receipt has a Message-ID of its own (pec.md 2.1)."""
        return f"{self.identifier.partition('@')[0]}.{self.chance.randrange(10**6):06d}@{self.provider.domain}"

    @property
    def moment(self):
        """As the providers write it in their notices."""
        return f"{self.at:%d/%m/%Y} alle ore {self.at:%H:%M:%S} ({self.at:%z})"


@dataclass(frozen=True)
class Message:
    raw: bytes
    message_id: str  # with angle brackets; empty when the message has none
