-- fixed_points(points per order, campaigns, lines, paid) → points of each line that no multiplier touches
--
-- Why      Points for the order are shared over what is paid for, a campaign's bonus over the lines that earned it,
--          so that whoever brings a line back brings its part back.
-- Writes   Nothing.
-- Locks    Nothing.
-- Repeats  Safe.
-- Raises   Nothing.
create or replace function ringup.fixed_points(
    p_points_per_order integer, p_campaigns ringup.loyalty_campaigns[], p_lines ringup.priced_line[], p_paid bigint[]
)
returns bigint[]
language plpgsql immutable
as $$
declare
    v_points   bigint[] := ringup.spread(p_points_per_order, p_paid);
    v_campaign ringup.loyalty_campaigns;
    v_bonus    bigint[];
begin
    foreach v_campaign in array p_campaigns loop
        v_bonus := ringup.spread(v_campaign.bonus_points, array(
            select case when ringup.campaign_covers(v_campaign, l.product_id, l.category)
                        then p_paid[l.ordinality] else 0 end
              from unnest(p_lines) with ordinality as l
             order by l.ordinality));
        v_points := array(
            select s.points + s.bonus
              from unnest(v_points, v_bonus) with ordinality as s (points, bonus, number)
             order by s.number);
    end loop;
    return v_points;
end
$$;
