-- check_redemption(vendor, points, goods) → nothing
--
-- Why      What the programme allows to be redeemed on goods of that price: minimum, step, maximum and share of the
--          price. Whether the customer has the points, hold_points asks; whether they are worth more than
--          is due, check_totals.
-- Writes   Nothing.
-- Locks    Nothing.
-- Repeats  Safe.
-- Raises   RU117 loyalty_off · RU213 redemption_not_allowed
create or replace function ringup.check_redemption(p_vendor_id uuid, p_points integer, p_goods_minor bigint)
returns void
language plpgsql
as $$
declare
    v_programme ringup.loyalty_programmes := ringup.current_programme(p_vendor_id);
    v_maximum   bigint;
begin
    if not ringup.switch_is_on(p_vendor_id, 'loyalty_updates') then
        raise exception using errcode = 'RU117', message = 'loyalty points are switched off; nothing can be redeemed now';
    end if;
    v_maximum := ringup.redemption_maximum(v_programme, p_goods_minor);
    if p_points < v_programme.redeem_minimum or p_points % v_programme.redeem_step <> 0
       or p_points > v_programme.redeem_maximum
       or (p_points > v_maximum and v_programme.redeem_percent_maximum < 100) then
        raise exception using errcode = 'RU213',
            message = format('%s points cannot be redeemed here: at least %s, in steps of %s, and at most %s',
                             p_points, v_programme.redeem_minimum, v_programme.redeem_step, v_maximum),
            detail = json_build_object(
                'points', p_points, 'points_minimum', v_programme.redeem_minimum,
                'points_step', v_programme.redeem_step, 'points_maximum', v_maximum)::text;
    end if;
end
$$;
