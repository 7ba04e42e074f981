"""What an approval of the SPIn REST API says: how much, whether it is taken already, on which card."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from ringup.domain.money import Money
from ringup.domain.outcome import Approval, Approved, InDoubt, PartiallyApproved
from ringup.terminals.spin_codes import Kind
from ringup.terminals.spin_wire import Answer, read_amount, section

SET_ASIDE = {"auth", "authorization", "preauth", "preauthorization"}
TAKEN = {"sale", "capture", "return", "refund", "void"}
EITHER = {"", "tipadjust"}
"""Says nothing about it: also an authorisation's tip is adjusted, and its money has to be captured then as before."""
SHOWN_CHARACTERS_MAX = 60
CARD_LIKE = re.compile(r"\d[\d -]{4,}\d")


@dataclass(frozen=True, slots=True)
class Amounts:
    """`total_minor` is what the card pays, fee included; `covered_minor` is without the fee."""

    total_minor: int
    covered_minor: int
    tip_minor: int


def read_approved(
    answer: Answer, expected: Money, *, captured: bool, voided: bool = False
) -> Approved | PartiallyApproved | InDoubt:
    """An approving answer in our words, by its own amounts and never by those that were asked for.

    `captured` is what an answer means whose transaction type does not say it; `voided` that it answers a Void.
    A fee does not make up for goods that were not approved. A voided payment, whose money is back,
    need not say its amounts.
    """
    if not answer.succeeded:
        return InDoubt("approved and failed at once", answer.status.code)
    voided = voided or is_voided(answer.record)
    amounts = read_amounts(answer.record, expected)
    if amounts is None and voided:
        amounts = Amounts(expected.amount_minor, expected.amount_minor, 0)
    if amounts is None:
        return InDoubt("approved amount is not readable", answer.status.code)
    taken = _is_taken(answer.record, otherwise=captured)
    if taken is None:
        return InDoubt("unknown transaction type", answer.status.code)
    approval = _approval(answer.record, amounts, captured=taken, voided=voided)
    if answer.status.kind is Kind.PARTIAL or amounts.covered_minor < expected.amount_minor:
        return PartiallyApproved(approval)
    return Approved(approval)


def declined_because(answer: Answer) -> str:
    """Why the bank said no, in its own words if it gave any, for the cashier. Never a long number."""
    words = answer.general.get("hostresponsemessage")
    if not isinstance(words, str) or not words.strip():
        return answer.status.meaning
    printable = "".join(letter for letter in words.strip() if letter.isprintable())
    return CARD_LIKE.sub("…", printable)[:SHOWN_CHARACTERS_MAX]


def is_voided(record: Mapping[str, object]) -> bool:
    return record.get("voided") is True or _transaction_type(record) == "void"


def _approval(record: Mapping[str, object], amounts: Amounts, *, captured: bool, voided: bool) -> Approval:
    card = section(record, "carddata")
    return Approval(
        approved_minor=amounts.total_minor,
        tip_minor=amounts.tip_minor,
        captured=captured,
        voided=voided,
        auth_code=text_of(record, "authcode"),
        card_brand=text_of(card, "cardtype"),
        card_last4=_last4(card),
        batch_number=text_of(record, "batchnumber"),
        transaction_number=text_of(record, "transactionnumber"),
        host_reference=text_of(record, "rrn") or text_of(record, "pnreferenceid"),
    )


def read_amounts(record: Mapping[str, object], like: Money) -> Amounts | None:
    """The amounts, if they are there, positive, exact in the currency, and do not contradict each other."""
    written = section(record, "amounts")
    given = {name: value for name, value in written.items() if value is not None}
    read = {name: read_amount(given[name], like) for name in ("totalamount", "amount", "tipamount") if name in given}
    total = read.get("totalamount", read.get("amount"))
    covered = read.get("amount", total)
    tip = read.get("tipamount", 0)
    if total is None or covered is None or tip is None:
        return None
    if not 0 < covered <= total or not 0 <= tip <= total:
        return None
    return Amounts(total, covered, tip)


def _transaction_type(record: Mapping[str, object]) -> str:
    said = record.get("transactiontype")
    return re.sub(r"[^a-z]", "", said.lower()) if isinstance(said, str) else ""


def _is_taken(record: Mapping[str, object], *, otherwise: bool) -> bool | None:
    """Whether the money is taken rather than set aside; None for a word that we do not know."""
    said = _transaction_type(record)
    if said in EITHER:
        return otherwise
    if said in SET_ASIDE:
        return False
    return True if said in TAKEN else None


def text_of(record: Mapping[str, object], name: str) -> str | None:
    """A member of an answer as text; None if it is not there, empty, or neither text nor a number."""
    value = record.get(name)
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    return str(value).strip() or None


def _last4(card: Mapping[str, object]) -> str | None:
    """The last four digits, and only they, even if the vendor should send more."""
    said = text_of(card, "last4") or ""
    return said[-4:] if re.fullmatch(r"\d{4,}", said) else None
