-- refuse_stored_value(account, amount) → nothing: it raises
--
-- Why      One sentence for whoever asks for more than is there, with what is there for the cashier's next question.
-- Writes   Nothing.
-- Locks    Nothing.
-- Repeats  Safe.
-- Raises   RU162 insufficient_balance
create or replace function ringup.refuse_stored_value(p_account ringup.stored_value_accounts, p_amount_minor bigint)
returns void
language plpgsql
as $$
declare
    v_available bigint := coalesce(p_account.balance_minor - p_account.held_minor, 0);
begin
    raise exception using errcode = 'RU162',
        message = format('Insufficient balance. Available: %s, Requested: %s', v_available, p_amount_minor),
        detail = json_build_object('available_minor', v_available, 'requested_minor', p_amount_minor,
                                   'currency', p_account.currency)::text;
end
$$;
