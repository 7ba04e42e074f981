"""What people at a counter read: the whole paper, and each remark that changes what it means."""

import copy

import pytest

from ringup.shifts.text import report_as_text

REPORT = {
    "object": "register_session_report",
    "type": "Z",
    "kind": "shift",
    "closure_number": 7,
    "vendor_name": "Corner Shop",
    "location_name": "Main Street",
    "register_name": "Till 1",
    "currency": "USD",
    "currency_exponent": 2,
    "time_zone": "America/New_York",
    "opened_at": "2026-11-16T14:00:00+00:00",
    "opened_by": "staff:Ada",
    "closed_at": "2026-11-16T23:05:00+00:00",
    "closed_by": "staff:Ada (key:01930000-0000-7004-8000-000000000017)",
    "made_at": "2026-11-16T23:05:00+00:00",
    "is_blind": False,
    "sales": {
        "orders_count": 3,
        "subtotal_minor": 3100,
        "discount_minor": 100,
        "tax_minor": 0,
        "tax_included_minor": 0,
        "tip_minor": 200,
        "cash_rounding_minor": 0,
        "total_minor": 3200,
        "late_count": 0,
    },
    "tenders": [
        {"type": "card", "sales_count": 1, "sales_minor": 1200, "refunds_count": 0, "refunds_minor": 0},
        {"type": "cash", "sales_count": 2, "sales_minor": 2000, "refunds_count": 1, "refunds_minor": 250},
    ],
    "cash": {
        "opening_float_minor": 10000,
        "tendered_minor": 4000,
        "change_minor": 2000,
        "refunds_minor": 250,
        "paid_in_minor": 0,
        "paid_out_minor": 500,
        "cash_drop_minor": 0,
        "expected_minor": 11250,
        "counted_minor": 11240,
        "variance_minor": -10,
    },
    "movements": [
        {
            "kind": "paid_out",
            "amount_minor": 500,
            "reason": "window cleaner",
            "done_by": "staff:Bob",
            "approved_by": "staff:Mia",
        },
        {"kind": "no_sale", "amount_minor": 0, "reason": "change", "done_by": "staff:Bob", "approved_by": None},
    ],
    "counts": [
        {
            "count_number": 1,
            "counted_minor": 11240,
            "is_wanted_again": True,
            "counted_by": "staff:Bob",
            "approved_by": None,
            "denominations": [{"face_minor": 1000, "quantity": 11}, {"face_minor": 10, "quantity": 24}],
        }
    ],
    "under_way": [{"order_number": "T1-4", "total_minor": 1000, "is_in_doubt": True}],
    "late": [{"order_number": "T1-1", "total_minor": 700, "began_closure_number": 6}],
    "late_session": None,
    "afterwards": [
        {
            "order_number": "T1-4",
            "total_minor": 1000,
            "status": "payment_failed",
            "counted_in": None,
            "closure_number": None,
        }
    ],
}

PAPER = """\
               Corner Shop
               Main Street
            *** Z REPORT 7 ***

Till 1                                 USD
Opened by staff:Ada       2026-11-16 09:00
Closed by staff:Ada       2026-11-16 18:05
------------------------------------------
Sales                                    3
Goods                                31.00
Discounts                            -1.00
Tips                                  2.00
Total of sales                       32.00
------------------------------------------
Card, 1 taken                        12.00
Cash, 2 taken                        20.00
Cash, 1 given back                   -2.50
------------------------------------------
Float                               100.00
Cash handed over                     40.00
Change given                        -20.00
Cash refunds                         -2.50
Paid out                             -5.00
Should be there                     112.50
Counted                             112.40
SHORT                                 0.10
------------------------------------------
Paid out                             -5.00
  window cleaner
  staff:Bob, approved by staff:Mia
No sale
  change
  staff:Bob
------------------------------------------
Count 1                             112.40
  staff:Bob
  11 x 10.00                        110.00
  24 x 0.10                           2.40
  off by too much: counted once more
------------------------------------------
Under way, and not in these numbers:
  T1-4, in doubt                     10.00
------------------------------------------
Late, from shifts that were closed:
  T1-1, of Z 6                        7.00
------------------------------------------
What became of the sales under way:
  T1-4, payment failed               10.00
"""


def changed(**sections):
    report = copy.deepcopy(REPORT)
    for name, section in sections.items():
        report[name] = {**report[name], **section} if isinstance(section, dict) and report[name] else section
    return report_as_text(report)


def test_a_report_is_one_paper_from_the_shop_to_the_last_doubt():
    assert report_as_text(REPORT) == PAPER


@pytest.mark.parametrize(("variance", "says"), [(-10, "SHORT"), (0, "exact"), (10, "OVER")])
def test_over_and_short_are_words_because_a_minus_is_overlooked(variance, says):
    assert says in changed(cash={"variance_minor": variance})


def test_what_is_hidden_is_said_to_be_hidden():
    nothing = dict.fromkeys(("tendered_minor", "change_minor", "refunds_minor", "expected_minor", "counted_minor"))
    text = changed(is_blind=True, type="X", cash=nothing, tenders=REPORT["tenders"][:1], counts=[])

    assert [line.split()[-1] for line in text.splitlines() if "hidden" in line] == ["hidden"] * 3
    assert "112.50" not in text and "32.00" not in text


@pytest.mark.parametrize(
    ("currency", "exponent", "shown"), [("JPY", 0, "11250"), ("USD", 2, "112.50"), ("BHD", 3, "11.250")]
)
def test_amounts_have_the_digits_of_their_currency(currency, exponent, shown):
    line = next(
        line
        for line in changed(currency=currency, currency_exponent=exponent).splitlines()
        if line.startswith("Should be there")
    )

    assert line.split()[-1] == shown


def test_a_late_session_says_that_nobody_counted_for_it():
    text = changed(kind="late", cash={"counted_minor": None, "variance_minor": None})

    assert "Z REPORT 7, LATE SALES" in text
    assert "Nobody counted" in text and "Counted  " not in text


def test_a_shift_says_what_came_in_while_the_register_was_closed():
    text = changed(late_session={"order_count": 2, "closure_number": 6})

    assert "2 late, see Z 6" in text


def test_a_sale_that_was_counted_elsewhere_says_where():
    sale = REPORT["afterwards"][0] | {"status": "completed", "counted_in": "x"}

    assert "T1-4, in Z 8" in changed(afterwards=[sale | {"closure_number": 8}])
    assert "T1-4, in an open session" in changed(afterwards=[sale])


def test_a_label_is_cut_and_an_amount_never():
    text = changed(register_name="The till at the very end of the long counter")

    assert "The till at the very end of the long c USD" in text.splitlines()
    assert max(map(len, text.splitlines())) == 42
