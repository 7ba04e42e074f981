"""Which PINs are refused, and what becomes of the others."""

import uuid

import pytest
from argon2 import PasswordHasher, extract_parameters
from hypothesis import given
from hypothesis import strategies as st

from ringup.domain.errors import PinNotAllowed
from ringup.domain.staff import refuse_weak_pin
from ringup.keyring import Keyring
from ringup.staff.pins import hash_pin

ROOT = bytes(range(32))
VENDOR, ADA, BOB = uuid.UUID(int=1), uuid.UUID(int=2), uuid.UUID(int=3)


@pytest.mark.parametrize(
    "pin",
    ["0000", "99999999", "1234", "7890", "98765432", "0987", "1212", "123123", "47114711", "2580", "0852"],
)
def test_a_pin_that_is_guessed_first_is_refused_without_being_repeated(pin):
    with pytest.raises(PinNotAllowed) as refused:
        refuse_weak_pin(pin)

    assert pin not in str(refused.value)


@pytest.mark.parametrize("pin", ["", "471", "471147110", "47 1", "47a1", "４７１１", "-471", "4.71"])
def test_a_pin_has_four_to_eight_digits(pin):
    with pytest.raises(PinNotAllowed):
        refuse_weak_pin(pin)


@pytest.mark.parametrize("pin", ["4711", "1221", "1357", "8901", "12345679", "0102", "1123"])
def test_other_pins_are_good(pin):
    refuse_weak_pin(pin)


@given(st.text(st.sampled_from("0123456789"), min_size=1, max_size=4), st.integers(2, 8))
def test_whatever_is_repeated_is_refused(part, times):
    with pytest.raises(PinNotAllowed):
        refuse_weak_pin(part * times)


async def test_a_pin_is_stored_as_argon2id_under_a_key_and_bound_to_its_person():
    keyring = Keyring(ROOT)

    stored = await hash_pin(keyring, VENDOR, ADA, "4711")

    parameters = extract_parameters(stored)
    assert (parameters.type.name, parameters.memory_cost >= 19 * 1024, parameters.time_cost >= 2) == ("ID", True, True)
    assert matches(stored, keyring.pepper_pin("4711", vendor_id=VENDOR, staff_id=ADA))
    assert not matches(stored, b"4711")
    assert not matches(stored, keyring.pepper_pin("4711", vendor_id=VENDOR, staff_id=BOB))
    assert not matches(stored, keyring.pepper_pin("4711", vendor_id=BOB, staff_id=ADA))
    assert not matches(stored, Keyring(bytes(32)).pepper_pin("4711", vendor_id=VENDOR, staff_id=ADA))


def matches(stored: str, secret: bytes) -> bool:
    try:
        return PasswordHasher().verify(stored, secret)
    except Exception as failure:  # noqa: BLE001
        assert type(failure).__name__ == "VerifyMismatchError"
        return False
