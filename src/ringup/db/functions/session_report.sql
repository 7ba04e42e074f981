-- session_report(vendor, session) → the report of a session at this moment: X while it is open, Z from its closing on
--
-- Why      One text for both, so that they cannot differ: a Z report is what this answers in the transaction that
--          closes the session, kept for good.
-- Writes   Nothing.
-- Locks    Nothing.
-- Repeats  Safe.
-- Raises   Nothing; null for a session that does not exist.
create or replace function ringup.session_report(p_vendor_id uuid, p_session_id uuid)
returns jsonb
language plpgsql stable
as $$
begin
    return (
    select jsonb_build_object(
        'object', 'register_session_report', 'type', case when s.closed_at is null then 'X' else 'Z' end,
        'register_session_id', s.id, 'kind', s.kind, 'closure_number', s.closure_number,
        'vendor_name', v.name, 'location_name', l.name, 'register_id', r.id, 'register_name', r.name,
        'currency', v.currency, 'currency_exponent', c.exponent, 'time_zone', v.time_zone,
        'opened_at', s.opened_at, 'opened_by', s.opened_by, 'closed_at', s.closed_at, 'closed_by', s.closed_by,
        'made_at', coalesce(s.closed_at, ringup.now()), 'is_blind', false,
        'sales', t.sales, 'refunds', t.refunds, 'tenders', t.tenders,
        'cash', t.cash || jsonb_build_object('counted_minor', s.counted_minor, 'variance_minor', s.variance_minor))
        || ringup.session_drawer(p_vendor_id, p_session_id) || ringup.session_stragglers(p_vendor_id, p_session_id)
      from ringup.session_totals t
      join ringup.register_sessions s on s.vendor_id = t.vendor_id and s.id = t.register_session_id
      join ringup.registers r on r.vendor_id = s.vendor_id and r.id = s.register_id
      join ringup.locations l on l.vendor_id = r.vendor_id and l.id = r.location_id
      join ringup.vendors v on v.id = s.vendor_id
      join ringup.currencies c on c.code = v.currency
     where t.vendor_id = p_vendor_id and t.register_session_id = p_session_id
    );
end
$$;
