"""Every state answers every event: with the move written here, or with a refusal."""

import itertools

import psycopg
import pytest

from shop_floor import Connection, ShopFloor, ask, rows

SPECIFICATION = {
    "order": """
        pending_payment     payment_begun       payment_processing
        pending_payment     fully_paid          payment_authorized
        pending_payment     payment_refused     payment_failed
        pending_payment     cancelled           cancelled
        payment_processing  payment_begun       payment_processing
        payment_processing  payment_in_doubt    payment_processing
        payment_processing  part_kept           payment_processing
        payment_processing  tender_added        payment_processing
        payment_processing  fully_paid          payment_authorized
        payment_processing  payment_refused     payment_failed
        payment_processing  cancelled           cancelled
        payment_authorized  completed           completed
        payment_authorized  cancelled           cancelled
        payment_failed      charge_found        payment_failed
        payment_failed      charge_undone       payment_failed
        cancelled           charge_found        cancelled
        cancelled           charge_undone       cancelled
        completed           tip_changed         completed
        completed           partially_refunded  partially_refunded
        completed           refunded            refunded
        partially_refunded  partially_refunded  partially_refunded
        partially_refunded  refunded            refunded
    """,
    "payment": """
        created     sent          processing
        created     accepted      approved
        created     dropped       error
        created     approved      approved
        processing  put_back      created
        processing  approved      approved
        processing  declined      declined
        processing  not_sent      error
        processing  in_doubt      unknown
        unknown     approved      approved
        unknown     declined      declined
        unknown     not_sent      error
        unknown     in_doubt      unknown
        declined    approved      approved
        error       approved      approved
        approved    void_begun    voiding
        voiding     voided        voided
        voiding     void_refused  approved
    """,
    "capture": """
        pending  captured         captured
        pending  capture_refused  failed
        pending  dropped          not_needed
        failed   captured         captured
        failed   dropped          not_needed
    """,
    "refund": """
        open  completed  completed
        open  cancelled  cancelled
    """,
    "tip": """
        processing  approved  approved
        processing  declined  declined
        processing  not_sent  error
        processing  in_doubt  unknown
        unknown     approved  approved
        unknown     declined  declined
        unknown     not_sent  error
        unknown     in_doubt  unknown
        error       sent      processing
    """,
}
MOVES = {
    (machine, start, event): end
    for machine, table in SPECIFICATION.items()
    for start, event, end in (line.split() for line in table.strip().splitlines())
}
STATES = {
    machine: sorted({move[1] for move in MOVES if move[0] == machine})
    + sorted({end for move, end in MOVES.items() if move[0] == machine})
    for machine in SPECIFICATION
}
EVENTS = {machine: {move[2] for move in MOVES if move[0] == machine} for machine in SPECIFICATION}
EVERYTHING = [
    (machine, state, event)
    for machine in SPECIFICATION
    for state, event in itertools.product(sorted(set(STATES[machine])), sorted(EVENTS[machine]))
]


@pytest.mark.parametrize("machine", list(SPECIFICATION))
async def test_the_specification_names_every_state(db: Connection, machine: str) -> None:
    states = await rows(db, "select name from ringup.states where machine = %s", machine)

    assert {state["name"] for state in states} == set(STATES[machine])


@pytest.mark.parametrize(("machine", "state", "event"), EVERYTHING)
async def test_every_state_answers_every_event(db: Connection, machine: str, state: str, event: str) -> None:
    if (machine, state, event) in MOVES:
        moved = await ask(db, "select ringup.next_state(%s, %s, %s)", machine, state, event)
        assert moved == MOVES[machine, state, event]
    else:
        with pytest.raises(psycopg.Error) as refused:
            await ask(db, "select ringup.next_state(%s, %s, %s)", machine, state, event)
        assert refused.value.sqlstate == "RU101"


@pytest.mark.parametrize(
    ("machine", "table", "column"),
    [
        ("order", "orders", "status"),
        ("payment", "payment_transactions", "status"),
        ("capture", "payment_transactions", "capture_status"),
        ("refund", "refunds", "status"),
        ("tip", "tip_changes", "status"),
    ],
)
async def test_a_column_takes_exactly_the_states_of_its_machine(
    db: Connection, machine: str, table: str, column: str
) -> None:
    constraint = await ask(
        db,
        "select pg_get_constraintdef(oid) from pg_constraint where conrelid = %s::regclass and conname = %s",
        f"ringup.{table}",
        f"{table}_{column}_check",
    )
    states = await rows(db, "select name from ringup.states where machine = %s", machine)

    assert {word for word in constraint.split("'") if word.isidentifier()} - {"text"} == {s["name"] for s in states}


async def test_an_order_s_story_has_no_gap_and_ends_where_the_order_is(db: Connection, shop: ShopFloor) -> None:
    order = await shop.sell(db)

    story = await rows(db, "select sequence, status from ringup.order_events where order_id = %s order by 1", order)
    assert [event["sequence"] for event in story] == [1, 2, 3]
    assert story[-1]["status"] == (await shop.order(db, order))["status"] == "completed"
