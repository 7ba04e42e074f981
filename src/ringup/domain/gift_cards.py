"""Codes of gift cards: made, and read as people type them. A code is never stored, logged or repeated in an error."""

import re
import secrets

from ringup.domain.card_numbers import contains_card_number
from ringup.domain.errors import GiftCardInvalid

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Without I, L, O and U, which are misread."""
MADE_LENGTH = 16
CODE = re.compile(r"[A-Z0-9]{10,32}")
BETWEEN = re.compile(r"[\s-]+")


def make_code() -> str:
    """A fresh code with 80 random bits, in groups of four."""
    while True:
        code = "".join(secrets.choice(ALPHABET) for _ in range(MADE_LENGTH))
        if not contains_card_number(code):
            return "-".join(code[n : n + 4] for n in range(0, MADE_LENGTH, 4))


def read_code(text: str) -> str:
    """The code as it is compared: capitals, without spaces and dashes. Raises GiftCardInvalid for what is none."""
    code = BETWEEN.sub("", text).upper()
    if not CODE.fullmatch(code):
        raise GiftCardInvalid("a gift card's code has 10 to 32 letters and digits")
    return code
