"""A function in the language SQL that is not written into its caller is planned anew at every call, before 18.

A sale may not call one: what a sale calls is PL/pgSQL, which plans a statement once in a session.
"""

from shop_floor import rows


async def test_no_step_of_a_sale_calls_a_function_that_is_planned_at_every_call(observer, floor):
    await observer.execute("set track_functions = 'all'")
    await floor.sell(observer, customer_id=floor.customer, points=10, **{"amounts": [None]}, tip=0)
    await observer.execute("select pg_stat_force_next_flush()")

    called = await rows(
        observer,
        "select s.funcname, l.lanname from pg_stat_user_functions s"
        " join pg_proc p on p.oid = s.funcid join pg_language l on l.oid = p.prolang where s.schemaname = 'ringup'",
    )

    assert {"prepare_checkout", "complete_checkout", "write_points"} <= {row["funcname"] for row in called}
    assert [row["funcname"] for row in called if row["lanname"] == "sql"] == []
