-- write_count(vendor, count, session, number, face values, quantities, total, expected, is final, by) → nothing
--
-- Why      What was counted, coin by coin, for good. Number 0 is the float.
-- Writes   cash_counts, cash_count_lines.
-- Locks    The caller holds the session.
-- Repeats  Not idempotent; callers look for their own repeats first.
-- Raises   Nothing.
create or replace function ringup.write_count(
    p_vendor_id uuid, p_count_id uuid, p_session_id uuid, p_number integer, p_faces bigint[], p_quantities bigint[],
    p_total_minor bigint, p_expected_minor bigint, p_is_final boolean, p_counted_by text
)
returns void
language plpgsql
as $$
begin
    insert into ringup.cash_counts (
        vendor_id, id, register_session_id, count_number, counted_minor, expected_minor, is_final, counted_by,
        approved_by, created_at)
    values (
        p_vendor_id, p_count_id, p_session_id, p_number, p_total_minor, p_expected_minor, p_is_final, p_counted_by,
        nullif(pg_catalog.current_setting('ringup.approved_by', true), ''), ringup.now());
    insert into ringup.cash_count_lines (vendor_id, count_id, face_minor, quantity)
    select p_vendor_id, p_count_id, d.face, d.quantity
      from unnest(p_faces, p_quantities) as d (face, quantity);
end
$$;
