-- session_drawer(vendor, session) → who moved cash in a session, and who counted it
--
-- Why      The part of a report that lists what people did with the drawer, X and Z alike.
-- Writes   Nothing.
-- Locks    Nothing.
-- Repeats  Safe.
-- Raises   Nothing.
create or replace function ringup.session_drawer(p_vendor_id uuid, p_session_id uuid)
returns jsonb
language plpgsql stable
as $$
begin
    return jsonb_build_object(
        'movements', (
            select coalesce(jsonb_agg(jsonb_build_object(
                       'id', m.id, 'kind', m.kind, 'amount_minor', m.amount_minor, 'reason', m.reason,
                       'done_by', m.done_by, 'approved_by', m.approved_by, 'created_at', m.created_at)
                       order by m.created_at, m.id), '[]')
              from ringup.cash_movements m
             where m.vendor_id = p_vendor_id and m.register_session_id = p_session_id),
        'counts', (
            select coalesce(jsonb_agg(jsonb_build_object(
                       'id', k.id, 'count_number', k.count_number, 'counted_minor', k.counted_minor,
                       'expected_minor', k.expected_minor, 'variance_minor', k.counted_minor - k.expected_minor,
                       'is_wanted_again', not k.is_final, 'counted_by', k.counted_by, 'approved_by', k.approved_by,
                       'created_at', k.created_at,
                       'denominations', (
                           select coalesce(jsonb_agg(jsonb_build_object('face_minor', l.face_minor, 'quantity', l.quantity)
                                                     order by l.face_minor desc), '[]')
                             from ringup.cash_count_lines l
                            where l.vendor_id = k.vendor_id and l.count_id = k.id)) order by k.count_number), '[]')
              from ringup.cash_counts k
             where k.vendor_id = p_vendor_id and k.register_session_id = p_session_id));
end
$$;
