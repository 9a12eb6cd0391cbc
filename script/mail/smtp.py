"""In charge of the SMTP server: log-in against Dovecot's accounts, hand-over by LMTP, and faults made on purpose.

Does not know about IMAP. It knows the accounts of this server only: mail to anybody else is refused with 550.
"""

import asyncio
import ssl

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword

from mail import client, users

FAULTS = ("none", "cut-after-data", "4xx", "slow")
SLOW_SECONDS = 5  # before each answer


class Desk:
    """The handler of every connection; `fault` is what goes wrong now."""

    def __init__(self, home, lmtp_port):
        self.home, self.lmtp_port = home, lmtp_port
        self.fault = "none"

    def controller(self, **how):
        """A factory of connections for `create_server`."""
        return lambda: SMTP(self, hostname="localhost", authenticator=self._authenticate, auth_required=True,
                            enable_SMTPUTF8=True, data_size_limit=110 * 1024 * 1024, **how)

    def context(self):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.home.ssl / "cert.pem", self.home.ssl / "key.pem")
        return context

    def _authenticate(self, _server, _session, _envelope, _mechanism, data):
        if not isinstance(data, LoginPassword):
            return AuthResult(success=False, handled=False)
        login, password = data.login.decode(errors="replace"), data.password.decode(errors="replace")
        known = users.password_of(self.home, login)
        return AuthResult(success=known is not None and known == password, handled=False, auth_data=login)

    async def handle_MAIL(self, _server, _session, envelope, address, _options):
        await self._linger()
        if self.fault == "4xx":
            return "451 4.3.2 Servizio sospeso, riprovare"
        envelope.mail_from = address
        return "250 2.1.0 OK"

    async def handle_RCPT(self, _server, _session, envelope, address, _options):
        await self._linger()
        if users.password_of(self.home, address) is None:
            return "550 5.1.1 Indirizzo inesistente"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server, _session, envelope: Envelope):
        """With `cut-after-data` the mail is taken, and the sender never hears of it: the worst case for a retry."""
        await self._linger()
        sender = envelope.mail_from.removeprefix("<").removesuffix(">")  # an empty one comes with its brackets
        refused = await asyncio.to_thread(
            client.deliver, self.lmtp_port, envelope.rcpt_tos, [envelope.original_content], sender)
        if self.fault == "cut-after-data":
            server.transport.abort()
        return refused[0] if refused else "250 2.0.0 Messaggio accettato"

    async def _linger(self):
        if self.fault == "slow":
            await asyncio.sleep(SLOW_SECONDS)
