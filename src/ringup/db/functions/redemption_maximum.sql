-- redemption_maximum(programme, goods) → how many points may be redeemed on goods of that price, 0 if none
--
-- Why      The cap per order, the share of the price and the step, in one place for the refusal and the preview.
-- Writes   Nothing.
-- Locks    Nothing.
-- Repeats  Safe.
-- Raises   Nothing.
create or replace function ringup.redemption_maximum(p_programme ringup.loyalty_programmes, p_goods_minor bigint)
returns bigint
language plpgsql immutable
as $$
declare
    v_points bigint := div(p_goods_minor::numeric * p_programme.redeem_percent_maximum,
                           100 * p_programme.point_value_minor);
begin
    v_points := least(v_points, p_programme.redeem_maximum, 2147483647);
    v_points := v_points - v_points % p_programme.redeem_step;
    return case when v_points < p_programme.redeem_minimum then 0 else v_points end;
end
$$;
