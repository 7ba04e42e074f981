"""Texts that look like a card number, so that none is accepted, stored or logged.

A card number is 14 to 19 digits that begin as the networks' numbers do and satisfy the Luhn
formula (ISO/IEC 7812-1), with at most one space or dash between two digits. Digits that belong
to a longer token of letters, digits and dashes (a UUID, a reference) are not one.
"""

import re
import unicodedata
from collections.abc import Iterator

DIGITS_MIN, DIGITS_MAX = 14, 19
MASK = "[card number]"

NETWORKS = re.compile(
    r"4"  # Visa
    r"|5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720"  # Mastercard: 51 to 55, 2221 to 2720
    r"|3[47]"  # American Express
    r"|6011|64[4-9]|65"  # Discover
    r"|352[89]|35[3-8]"  # JCB: 3528 to 3589
    r"|3[068]"  # Diners Club
    r"|62"  # UnionPay
)
RUN = re.compile(r"(?<![0-9A-Za-z-])[0-9]+(?:[ -][0-9]+)*(?![0-9A-Za-z-])")
WORD = re.compile(r"[^ ]+")
DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−"), "-")
# A number added in one position is worth its digits' sum once doubled: 7 counts as 14, and so as 5.
DOUBLED = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)


def contains_card_number(text: str) -> bool:
    """Whether a card number stands anywhere in the text, in whatever Unicode digits."""
    return next(_spans(_plain(text)), None) is not None


def mask_card_numbers(text: str) -> str:
    """The text with every card number replaced. A text without one comes back unchanged."""
    plain = _plain(text)
    spans = list(_spans(plain))
    if not spans:
        return text
    kept = [plain[end:start] for (_, end), (start, _) in zip([(0, 0), *spans], spans, strict=False)]
    return MASK.join([*kept, plain[spans[-1][1] :]])


def _plain(text: str) -> str:
    """The same text in ASCII digits, spaces and dashes, whatever it was typed in."""
    if text.isascii():
        return text
    normal = unicodedata.normalize("NFKC", text).translate(DASHES)
    return "".join(str(unicodedata.decimal(character)) if character.isdecimal() else character for character in normal)


def _spans(plain: str) -> Iterator[tuple[int, int]]:
    """Where card numbers begin and end, from left to right, none inside another."""
    for run in RUN.finditer(plain):
        if run.end() - run.start() < DIGITS_MIN:
            continue
        # A word has a digit at least, so a number is made of no more words than it has digits.
        words = [word.span() for word in WORD.finditer(plain, run.start(), run.end())]
        covered = run.start()
        for first in range(len(words)):
            start = words[first][0]
            end = _card_end(plain, words[first : first + DIGITS_MAX]) if start >= covered else None
            if end is not None:
                covered = end
                yield start, end


def _card_end(plain: str, words: list[tuple[int, int]]) -> int | None:
    """Where a card number ends that begins with the first of these words and is made of whole ones."""
    digits = ""
    for start, end in words:
        digits += plain[start:end].replace("-", "")
        if len(digits) > DIGITS_MAX:
            return None
        if len(digits) >= DIGITS_MIN and NETWORKS.match(digits) and _satisfies_luhn(digits):
            return end
    return None


def _satisfies_luhn(digits: str) -> bool:
    values = [int(digit) for digit in reversed(digits)]
    return (sum(values[::2]) + sum(DOUBLED[value] for value in values[1::2])) % 10 == 0
