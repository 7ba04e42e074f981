-- session_stragglers(vendor, session) → what is under way, and sales that came late from another session
--
-- Why      What a report cannot count yet, and what it counts for a session that was closed: both are named.
-- Writes   Nothing.
-- Locks    Nothing.
-- Repeats  Safe.
-- Raises   Nothing.
create or replace function ringup.session_stragglers(p_vendor_id uuid, p_session_id uuid)
returns jsonb
language plpgsql stable
as $$
begin
    return jsonb_build_object(
        'under_way', (
            select coalesce(jsonb_agg(jsonb_build_object(
                       'order_id', o.id, 'order_number', o.order_number, 'status', o.status,
                       'payment_status', o.payment_status, 'total_minor', o.total_minor,
                       'is_in_doubt', o.payment_status = 'unknown', 'created_at', o.created_at)
                       order by o.order_number), '[]')
              from ringup.orders o
             where o.vendor_id = p_vendor_id and o.register_session_id = p_session_id
               and o.status in ('pending_payment', 'payment_processing', 'payment_authorized')),
        'refunds_under_way', (
            select coalesce(jsonb_agg(jsonb_build_object(
                       'refund_id', r.id, 'order_number', o.order_number, 'amount_minor', r.amount_minor,
                       'is_in_doubt', exists (
                           select from ringup.payment_transactions p
                            where p.vendor_id = r.vendor_id and p.order_id = r.order_id and p.refund_id = r.id
                              and p.status in ('processing', 'unknown')),
                       'created_at', r.created_at) order by r.created_at, r.id), '[]')
              from ringup.refunds r
              join ringup.orders o on o.vendor_id = r.vendor_id and o.id = r.order_id
             where r.vendor_id = p_vendor_id and r.register_session_id = p_session_id and r.status = 'open'),
        'late', (
            select coalesce(jsonb_agg(jsonb_build_object(
                       'order_id', o.id, 'order_number', o.order_number, 'total_minor', o.total_minor,
                       'began_session_id', o.began_session_id, 'began_closure_number', s.closure_number,
                       'completed_at', o.completed_at) order by o.order_number), '[]')
              from ringup.orders o
              join ringup.register_sessions s on s.vendor_id = o.vendor_id and s.id = o.began_session_id
             where o.vendor_id = p_vendor_id and o.register_session_id = p_session_id
               and o.completed_at is not null and o.began_session_id is not null),
        'late_session', (
            select jsonb_build_object(
                       'register_session_id', l.id, 'closure_number', l.closure_number, 'order_count', l.order_count,
                       'expected_minor', l.expected_minor)
              from ringup.register_sessions s
              join ringup.register_sessions l on l.vendor_id = s.vendor_id and l.id = s.late_session_id
             where s.vendor_id = p_vendor_id and s.id = p_session_id));
end
$$;
