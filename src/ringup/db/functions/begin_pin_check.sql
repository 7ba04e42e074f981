-- begin_pin_check(vendor, person) → the hash to compare with, or null for nobody who could enter a PIN
--
-- Why      The attempt is counted, and committed, before anybody learns whether the PIN was right: however
--          many are tried at once, no more are compared than the lock allows.
-- Writes   staff; audit_log, when the person is locked.
-- Locks    The person's row: attempts for one person stand in line here.
-- Repeats  Every call is another attempt.
-- Raises   RU601 pin_locked
create or replace function ringup.begin_pin_check(p_vendor_id uuid, p_staff_id uuid)
returns text
language plpgsql security definer set search_path = ''
as $$
declare
    v_person  ringup.staff;
    v_now     timestamptz;
    v_attempt integer;
    v_until   timestamptz;
begin
    perform ringup.enter_vendor(p_vendor_id);
    select * into v_person
      from ringup.staff s
     where s.vendor_id = p_vendor_id and s.id = p_staff_id and s.is_active and s.pin_hash is not null
       for update;
    if not found then
        return null;
    end if;
    v_now := ringup.now();
    if v_person.locked_until > v_now then
        raise exception using errcode = 'RU601',
            message = format('too many wrong PINs; locked until %s',
                             to_char(v_person.locked_until at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')),
            detail = jsonb_build_object(
                'locked_until', v_person.locked_until,
                'retry_after_seconds', ceil(extract(epoch from v_person.locked_until - v_now))::integer)::text;
    end if;
    v_attempt := v_person.failed_attempts + 1;
    v_until := v_now + ringup.pin_back_off(v_attempt);
    update ringup.staff s
       set failed_attempts = v_attempt, locked_until = v_until
     where s.vendor_id = p_vendor_id and s.id = p_staff_id;
    if v_until is not null then
        perform ringup.write_audit(
            p_vendor_id, 'staff:' || v_person.name, 'pin_locked', 'staff', p_staff_id::text, null,
            jsonb_build_object('failed_attempts', v_attempt, 'locked_until', v_until));
    end if;
    return v_person.pin_hash;
end
$$;
