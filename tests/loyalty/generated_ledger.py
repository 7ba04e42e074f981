"""A large ledger that adds up, written with COPY past the functions: to measure what reads all of it.

`python tests/loyalty/generated_ledger.py URL CUSTOMERS ROWS` writes one into a database and prints how long
`ringup loyalty verify` takes for it.
"""

import os
import subprocess
import sys
import uuid
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import psycopg

AT = datetime(2026, 1, 1, tzinfo=UTC)
EARNED, SPENT = 10, -30
"""Every fifth row spends what three others earned."""
TRANSACTIONS = """
    copy ringup.loyalty_transactions (vendor_id, id, customer_id, entry_number, points, transaction_type,
        balance_before, balance_after, reference_type, reference_id, created_at) from stdin
"""
LOTS = """
    copy ringup.loyalty_lots (vendor_id, id, customer_id, transaction_id, points, remaining, available_at, created_at)
        from stdin
"""
ENTRIES = "copy ringup.loyalty_lot_entries (vendor_id, transaction_id, lot_id, points, created_at) from stdin"
CUSTOMERS = "copy ringup.customers (vendor_id, id, loyalty_points, loyalty_entries, created_at, updated_at) from stdin"


def write_ledger(connection: psycopg.Connection, vendor: uuid.UUID, *, customers: int, rows: int) -> None:
    """So many customers with so many ledger rows each, their lots, and what spending took from those."""
    numbers = count(1)

    def new() -> uuid.UUID:
        return uuid.UUID(int=next(numbers))

    lots: list[tuple[object, ...]] = []
    entries: list[tuple[object, ...]] = []
    people: list[tuple[object, ...]] = []
    with connection.cursor() as cursor:
        cursor.execute("set session_replication_role = replica")
        with cursor.copy(TRANSACTIONS) as copy:
            for _ in range(customers):
                customer, balance, mine = new(), 0, []
                for number in range(1, rows + 1):
                    points = SPENT if number % 5 == 0 else EARNED
                    row = new()
                    kind = "spent" if points < 0 else "earned"
                    copy.write_row(
                        (vendor, row, customer, number, points, kind, balance, balance + points, "order", str(row), AT)
                    )
                    balance += points
                    if points > 0:
                        mine.append([vendor, new(), customer, row, EARNED, EARNED, AT, AT])
                        continue
                    for lot in [lot for lot in mine if lot[5]][:3]:
                        lot[5] = 0
                        entries.append((vendor, row, lot[1], -EARNED, AT))
                lots += (tuple(lot) for lot in mine)
                people.append((vendor, customer, balance, rows, AT, AT))
        for statement, written in ((CUSTOMERS, people), (LOTS, lots), (ENTRIES, entries)):
            with cursor.copy(statement) as copy:
                for each in written:
                    copy.write_row(each)
        cursor.execute("set session_replication_role = origin")


def main(url: str, customers: int, rows: int) -> None:
    vendor = uuid.uuid4()
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("select ringup.create_vendor(%s, 'Large', 'USD', 'UTC')", [vendor])
        write_ledger(connection, vendor, customers=customers, rows=rows)
        connection.execute("analyze")
    command = [str(Path(sys.executable).parent / "ringup"), "loyalty", "verify"]
    subprocess.run(["time", "-v", *command], env={**os.environ, "RINGUP_DATABASE_URL": url}, check=True)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
