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


async def written_rows(observer) -> dict[str, int]:
    await observer.execute("select pg_stat_force_next_flush()")
    written = await rows(
        observer,
        "select s.relname as name, s.n_tup_ins + s.n_tup_upd as count from pg_stat_user_tables s"
        " where s.schemaname = 'ringup'",
    )
    return {row["name"]: row["count"] for row in written}


async def test_no_table_that_a_sale_writes_is_looked_at_again_after_a_few_sales(observer, floor):
    """Each look makes every session plan anew, and by default autovacuum looks after some dozens of rows."""
    before = await written_rows(observer)
    await floor.sell(observer, customer_id=floor.customer, points=10, **{"amounts": [None]}, tip=0)
    written = {name for name, count in (await written_rows(observer)).items() if count > before[name]}

    tables = await rows(
        observer,
        "select c.relname as name, c.reloptions as options from pg_class c"
        " where c.relnamespace = 'ringup'::regnamespace and c.relname = any(%s)",
        list(written),
    )

    seldom = {"autovacuum_analyze_threshold=5000", "autovacuum_vacuum_threshold=5000"}
    assert {"orders", "inventory", "loyalty_lots", "register_sessions"} <= written
    assert [row["name"] for row in tables if not seldom <= set(row["options"] or [])] == []
