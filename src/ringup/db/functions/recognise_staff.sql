-- recognise_staff(vendor, token's hash) → the sign-in, the person and the register; no row for nobody
--
-- Why      Every request that carries a token asks who that is. Being asked for keeps a sign-in alive, though
--          never for longer than twelve hours. Written once a minute at most: a till asks all day.
-- Writes   staff_sign_ins (one row at most).
-- Locks    The sign-in, if it is written.
-- Repeats  Safe.
-- Raises   Nothing.
create or replace function ringup.recognise_staff(p_vendor_id uuid, p_token_hash bytea)
returns table (sign_in_id uuid, staff_id uuid, name text, role text, register_id uuid)
language plpgsql security definer set search_path = ''
as $$
declare
    v_now timestamptz := ringup.now();
begin
    perform ringup.enter_vendor(p_vendor_id);
    update ringup.staff_sign_ins i
       set last_seen_at = v_now, expires_at = least(v_now + ringup.sign_in_idle(), i.started_at + interval '12 hours')
     where i.vendor_id = p_vendor_id and i.token_hash = p_token_hash and i.ended_at is null
       and i.expires_at > v_now and i.last_seen_at < v_now - interval '1 minute';
    return query
        select i.id, s.id, s.name, s.role, i.register_id
          from ringup.staff_sign_ins i
          join ringup.staff s on s.vendor_id = i.vendor_id and s.id = i.staff_id and s.is_active
         where i.vendor_id = p_vendor_id and i.token_hash = p_token_hash and i.ended_at is null
           and i.expires_at > v_now;
end
$$;
