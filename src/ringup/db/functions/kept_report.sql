-- kept_report(vendor, session) → the Z report as it was kept, and what became since of the sales that were under way
--
-- Why      The report never changes. Where the sales went that it names as under way is said beside it.
-- Writes   Nothing.
-- Locks    Nothing.
-- Repeats  Safe.
-- Raises   Nothing; null for a session without a Z report.
create or replace function ringup.kept_report(p_vendor_id uuid, p_session_id uuid)
returns jsonb
language plpgsql stable
as $$
begin
    return (
    select z.report || jsonb_build_object('afterwards', (
               select coalesce(jsonb_agg(jsonb_build_object(
                          'order_id', o.id, 'order_number', o.order_number, 'status', o.status,
                          'payment_status', o.payment_status, 'total_minor', o.total_minor,
                          'counted_in', case when o.completed_at is not null then o.register_session_id end,
                          'closure_number', c.closure_number) order by o.order_number), '[]')
                 from ringup.orders o
                 left join ringup.register_sessions c
                   on c.vendor_id = o.vendor_id and c.id = o.register_session_id and o.completed_at is not null
                where o.vendor_id = p_vendor_id
                  and o.id = any(
                      select (u.item ->> 'order_id')::uuid from jsonb_array_elements(z.report -> 'under_way') as u (item)
                      union
                      select l.id from ringup.orders l
                       where l.vendor_id = p_vendor_id and l.began_session_id = p_session_id)))
      from ringup.z_reports z
     where z.vendor_id = p_vendor_id and z.register_session_id = p_session_id
    );
end
$$;
