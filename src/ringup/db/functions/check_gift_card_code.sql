-- check_gift_card_code(vendor, code's hash, who asks) → the gift card's id; null if there is none with this code
--
-- Why      Codes can be guessed, so whoever names codes that are not there is counted and locked out, in the end for five
--          minutes for each try, also while many are tried at once. Ten are free; one is forgiven every five minutes.
--          Naming a card that is there forgives nothing: it might be the guesser's own. It answers rather than
--          raises, so that the count stays.
-- Writes   gift_card_guesses; audit_log, when somebody is locked out.
-- Locks    The asker's row: one look-up of an asker at a time.
-- Repeats  Every call that finds nothing is another try.
-- Raises   RU208 reason_missing · RU602 gift_card_locked
create or replace function ringup.check_gift_card_code(p_vendor_id uuid, p_code_hash bytea, p_asker text)
returns uuid
language plpgsql security definer set search_path = ''
as $$
declare
    v_guesses ringup.gift_card_guesses;
    v_now     timestamptz;
    v_card_id uuid;
begin
    perform ringup.enter_vendor(p_vendor_id);
    if coalesce(trim(p_asker), '') = '' then
        raise exception using errcode = 'RU208', message = 'whoever asks for a gift card has a name';
    end if;
    insert into ringup.gift_card_guesses (vendor_id, asker, failed_count)
    values (p_vendor_id, p_asker, 0)
    on conflict do nothing;
    select * into v_guesses
      from ringup.gift_card_guesses g
     where g.vendor_id = p_vendor_id and g.asker = p_asker
       for update;
    v_now := ringup.now();
    if v_guesses.locked_until > v_now then
        raise exception using errcode = 'RU602',
            message = 'too many codes that are not there; try again later',
            detail = jsonb_build_object(
                'locked_until', v_guesses.locked_until,
                'retry_after_seconds', ceil(extract(epoch from v_guesses.locked_until - v_now))::integer)::text;
    end if;
    select a.id into v_card_id
      from ringup.stored_value_accounts a
     where a.vendor_id = p_vendor_id and a.code_hash = p_code_hash;
    if not found then
        v_guesses.failed_count := 1 + greatest(0, v_guesses.failed_count - coalesce(
            extract(epoch from v_now - v_guesses.last_failed_at)::bigint / 300, 0));
        v_guesses.locked_until := v_now + ringup.pin_back_off(v_guesses.failed_count - 5);
        update ringup.gift_card_guesses g
           set failed_count = v_guesses.failed_count, last_failed_at = v_now, locked_until = v_guesses.locked_until
         where g.vendor_id = p_vendor_id and g.asker = p_asker;
        if v_guesses.locked_until is not null then
            perform ringup.write_audit(
                p_vendor_id, p_asker, 'gift_card_locked', 'asker', p_asker, null,
                jsonb_build_object('failed_count', v_guesses.failed_count, 'locked_until', v_guesses.locked_until));
        end if;
    end if;
    return v_card_id;
end
$$;
