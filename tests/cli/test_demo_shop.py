"""The demonstration shop as it is written down."""

from ringup.simulator.demo_shop import (
    CUSTOMERS,
    PRODUCTS,
    REGISTERS,
    TERMINAL_LOCATION,
    TERMINALS,
    VENDOR_ID,
    check_digit,
)


def test_a_check_digit_is_the_one_that_is_printed_on_real_goods():
    assert check_digit("400638133393") == "1"
    assert check_digit("978020137962") == "4"
    assert check_digit("200000000003") == "9"


def test_every_barcode_is_a_number_for_use_inside_a_shop_and_unique():
    codes = [product.barcode for product in PRODUCTS]

    assert len(set(codes)) == 200
    assert all(len(code) == 13 and code.startswith("2") and check_digit(code[:12]) == code[12] for code in codes)


def test_there_are_eight_categories_of_goods_with_names_and_prices_of_their_own():
    assert len({product.category for product in PRODUCTS}) == 8
    assert len({product.name for product in PRODUCTS}) == 200
    assert all(100 <= product.price_minor <= 9_999 for product in PRODUCTS)


def test_some_goods_are_nearly_sold_out():
    assert len([product for product in PRODUCTS if product.opening_stock < 5]) == 8


def test_customers_can_be_told_apart():
    assert len({customer.email for customer in CUSTOMERS}) == 50
    assert len({customer.phone for customer in CUSTOMERS}) == 50


def test_both_terminals_stand_where_the_first_register_does_and_the_steady_one_comes_first():
    assert TERMINAL_LOCATION.id == REGISTERS[0].location_id
    assert [(terminal.mode, terminal.steady) for terminal in TERMINALS] == [("auth_capture", True), ("sale", False)]


def test_ids_are_fixed_and_of_version_7():
    assert str(VENDOR_ID) == "01930000-0000-7001-8000-000000000001"
    assert {thing.id.version for thing in (*PRODUCTS, *CUSTOMERS, *REGISTERS, *TERMINALS)} == {7}
