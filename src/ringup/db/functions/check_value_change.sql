-- check_value_change(amount, reason, actor) → nothing
--
-- Why      What a person does to a gift card or store credit by hand has an amount within reason, a reason and a name.
-- Writes   Nothing.
-- Locks    Nothing.
-- Repeats  Safe.
-- Raises   RU204 amount_out_of_range · RU208 reason_missing
create or replace function ringup.check_value_change(p_amount_minor bigint, p_reason text, p_actor text)
returns void
language plpgsql
as $$
begin
    if coalesce(trim(p_actor), '') = '' or coalesce(trim(p_reason), '') = '' then
        raise exception using errcode = 'RU208', message = 'what is given out by hand needs a reason and a name';
    end if;
    if p_amount_minor is null or p_amount_minor = 0 or abs(p_amount_minor) > 1000000000000 then
        raise exception using errcode = 'RU204', message = format('%s is not an amount to give out', p_amount_minor);
    end if;
end
$$;
