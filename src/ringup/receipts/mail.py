"""Receipts by e-mail: queued in the database, composed here, handed to the shop's mail server."""

from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formataddr, parseaddr
from urllib.parse import unquote, urlsplit
from uuid import UUID

import aiosmtplib

from ringup.db.calls.receipts import DueMail, claim_receipt_mails, read_receipt, record_receipt_mail
from ringup.db.pool import Pool
from ringup.receipts.page import as_html
from ringup.receipts.receipt import Receipt, receipt_of
from ringup.receipts.text import as_text

MAILS_AT_ONCE = 20
SMTP_SECONDS = 20.0
LEASE_SECONDS = 120
PORTS = {"smtp": 25, "smtps": 465}


@dataclass(frozen=True, slots=True)
class MailServer:
    """`smtp://[user:password@]host[:port]`, or smtps:// for TLS from the first byte.

    smtp:// uses STARTTLS where the server offers it, and insists on it where a password is to be sent.
    """

    host: str
    port: int
    encrypted: bool
    user: str | None
    password: str | None
    sender: str

    @classmethod
    def at(cls, url: str, sender: str) -> "MailServer":
        parts = urlsplit(url)
        return cls(
            host=parts.hostname or "",
            port=parts.port or PORTS[parts.scheme],
            encrypted=parts.scheme == "smtps",
            user=unquote(parts.username) if parts.username else None,
            password=unquote(parts.password) if parts.password else None,
            sender=sender,
        )


async def send_due_mails(db: Pool, server: MailServer, vendor_id: UUID) -> int:
    """Send what is due, at most 20, one after the other, and say how many went out.

    Safe to repeat and to kill: what was not recorded is sent again with the same
    message id when its lease ends. One address that fails does not stop the others.
    """
    sent = 0
    for mail in await claim_receipt_mails(db, vendor_id, limit=MAILS_AT_ONCE, lease_seconds=LEASE_SECONDS):
        document = await read_receipt(db, vendor_id, mail.order_id)
        assert document is not None, "a queued mail has an order"
        problem, final = await _hand_over(server, compose(mail, receipt_of(document), server.sender))
        status = await record_receipt_mail(db, vendor_id, mail.mail_id, problem=problem, final=final)
        sent += status == "sent"
    return sent


def compose(mail: DueMail, receipt: Receipt, sender: str) -> EmailMessage:
    """A mail with the receipt as text and as a page. Its id is the mail's own: a second try is the same message."""
    message = EmailMessage()
    address = parseaddr(sender)[1]
    message["From"] = formataddr((receipt.vendor_name, address))
    message["To"] = mail.recipient
    message["Subject"] = f"Your receipt {receipt.order_number} from {receipt.vendor_name}"
    message["Message-ID"] = f"<{mail.mail_id}@{address.partition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(as_text(receipt))
    message.add_alternative(as_html(receipt), subtype="html")
    return message


async def _hand_over(server: MailServer, message: EmailMessage) -> tuple[str | None, bool]:
    """What went wrong, if anything did, and whether trying again is of no use."""
    try:
        await aiosmtplib.send(
            message,
            hostname=server.host,
            port=server.port,
            username=server.user,
            password=server.password,
            use_tls=server.encrypted,
            start_tls=True if server.password and not server.encrypted else None,
            timeout=SMTP_SECONDS,
        )
    except aiosmtplib.SMTPRecipientsRefused as refusal:
        codes = {recipient.code for recipient in refusal.recipients}
        return f"the mail server refuses the address ({', '.join(map(str, sorted(codes)))})", min(codes) >= 500
    except aiosmtplib.SMTPResponseException as refusal:
        # What a server says back may hold our password in some encoding; its code does not.
        return f"the mail server says {refusal.code}", False
    except (aiosmtplib.SMTPException, OSError) as failure:
        return f"no mail server to be had: {type(failure).__name__}", False
    return None, False
