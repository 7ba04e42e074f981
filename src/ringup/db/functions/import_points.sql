-- import_points(vendor, batch, customers, points, expiries, actor) → how many customers got points now
--
-- Why      A retailer comes from another system: each balance arrives as a ledger row, in a lot of its own. At most
--          1,000 customers at a time; a null expiry means never.
-- Writes   customers, loyalty_transactions, loyalty_lots, loyalty_lot_entries, audit_log.
-- Locks    The customer rows, in the order of their ids.
-- Repeats  Safe: a customer gets a batch's points once, so that a batch may be sent again, whole or in other parts.
-- Raises   RU005 customer_not_found · RU110 customer_inactive · RU114 points_already_recorded · RU207 points_out_of_range
--          · RU208 reason_missing · RU210 expiry_in_the_past
create or replace function ringup.import_points(
    p_vendor_id uuid, p_batch text, p_customer_ids uuid[], p_points integer[], p_expires_at timestamptz[], p_actor text
)
returns integer
language plpgsql security definer set search_path = ''
as $$
declare
    v_count integer := coalesce(cardinality(p_customer_ids), 0);
    v_given integer := 0;
    v_row   record;
begin
    perform ringup.enter_vendor(p_vendor_id);
    if coalesce(p_batch, '') = '' or coalesce(p_actor, '') = '' then
        raise exception using errcode = 'RU208', message = 'an import needs the name of its batch, and of who makes it';
    end if;
    if v_count not between 1 and 1000 or v_count <> (select count(distinct u.id) from unnest(p_customer_ids) as u (id))
       or cardinality(p_points) is distinct from v_count or cardinality(p_expires_at) is distinct from v_count then
        raise exception using errcode = 'RU207',
            message = 'an import is 1 to 1000 customers, each once, each with points and an expiry or null';
    end if;
    for v_row in
        select u.id, u.points, u.expires_at
          from unnest(p_customer_ids, p_points, p_expires_at) as u (id, points, expires_at)
         order by u.id
    loop
        if ringup.import_balance(p_vendor_id, p_batch, v_row.id, v_row.points, v_row.expires_at) then
            v_given := v_given + 1;
        end if;
    end loop;
    if v_given > 0 then
        perform ringup.write_audit(p_vendor_id, p_actor, 'points_imported', 'batch', p_batch, null,
                                   jsonb_build_object('customers', v_given));
    end if;
    return v_given;
end
$$;
