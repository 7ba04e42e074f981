"""Every status code the vendor published is read, by every operation, and none as what it is not."""

import pytest

from ringup.terminals.spin_codes import STATUS_CODES, Operation, Verdict, status_code, verdict


def listed(codes):
    return codes.split()


PUBLISHED = listed("""
    0000 0001
    1000 1001 1002 1003 1004 1005 1006 1007 1008 1009 1010 1011 1012 1013 1014 1015 1016 1017 1018 1019
    1020 1021 1022 1023 1024 1025 1030 1040 1100 1101 1500 1999
    2001 2002 2003 2004 2005 2006 2007 2008 2009 2010 2011 2101 2102 2110 2201 2301
""")

IN_DOUBT_AFTER_A_CHARGE = listed("""
    1001 1006 1011 1012 1014 1018 1020 1021 1022 1023 1030 1040 1100 1101 1500 1999
    2001 2007 2009 2010 2011 2110 2301
""")


def codes_with(operation, *verdicts):
    return [code for code in PUBLISHED if verdict(status_code(code).kind, operation) in verdicts]


def test_the_table_has_every_published_code_and_no_other():
    assert sorted(STATUS_CODES) == sorted(PUBLISHED)


@pytest.mark.parametrize("operation", Operation)
@pytest.mark.parametrize("code", PUBLISHED)
def test_every_operation_makes_something_of_every_code(code, operation):
    row = status_code(code)

    assert verdict(row.kind, operation) in Verdict
    assert row.meaning and row.code == code


@pytest.mark.parametrize("operation", [Operation.CHARGE, Operation.REFUND], ids=lambda each: each.name)
def test_only_the_codes_that_say_so_end_a_payment(operation):
    assert codes_with(operation, Verdict.APPROVED) == ["0000", "0001"]
    assert codes_with(operation, Verdict.DECLINED) == ["1015"]
    assert codes_with(operation, Verdict.BUSY) == ["1000", "2008"]
    assert codes_with(operation, Verdict.IN_DOUBT) == IN_DOUBT_AFTER_A_CHARGE


def test_a_look_up_never_says_not_sent_on_the_strength_of_a_code():
    assert codes_with(Operation.LOOK_UP, Verdict.NOT_SENT, Verdict.BUSY) == []
    assert codes_with(Operation.LOOK_UP, Verdict.APPROVED) == ["0000", "0001"]
    assert codes_with(Operation.LOOK_UP, Verdict.DECLINED) == ["1015"]


def test_a_void_is_refused_for_good_only_by_what_is_never_allowed():
    assert codes_with(Operation.VOID, Verdict.APPROVED) == ["0000"]
    assert codes_with(Operation.VOID, Verdict.DECLINED) == ["1002", "1003", "1004"]


def test_a_capture_may_also_be_declined_by_the_bank():
    assert codes_with(Operation.CAPTURE, Verdict.DECLINED) == ["1002", "1003", "1004", "1015"]


@pytest.mark.parametrize("operation", Operation)
@pytest.mark.parametrize("code", ["7777", "", "00000", "OK", "0002"])
def test_a_code_nobody_published_is_a_doubt(code, operation):
    assert verdict(status_code(code).kind, operation) is Verdict.IN_DOUBT


@pytest.mark.parametrize("code", PUBLISHED)
def test_meanings_are_short_enough_for_a_cashier(code):
    assert len(status_code(code).meaning) <= 40
