-- check_gift_card(account) → nothing
--
-- Why      A card that was disabled or is past its date is refused by name, before anything is set aside on it.
-- Writes   Nothing.
-- Locks    Nothing; the caller holds the account.
-- Repeats  Safe.
-- Raises   RU160 gift_card_expired · RU161 gift_card_disabled
create or replace function ringup.check_gift_card(p_account ringup.stored_value_accounts)
returns void
language plpgsql
as $$
begin
    if p_account.disabled_at is not null then
        raise exception using errcode = 'RU161',
            message = format('the gift card ending in %s is disabled', p_account.code_last4),
            detail = json_build_object('gift_card_id', p_account.id, 'disabled_at', p_account.disabled_at)::text;
    end if;
    if p_account.expires_at <= ringup.now() then
        raise exception using errcode = 'RU160',
            message = format('the gift card ending in %s has expired', p_account.code_last4),
            detail = json_build_object('gift_card_id', p_account.id, 'expires_at', p_account.expires_at)::text;
    end if;
end
$$;
