-- check_programme(programme) → nothing
--
-- Why      A programme that cannot be meant is refused before it is written, by the first thing that is wrong with it.
-- Writes   Nothing.
-- Locks    Nothing.
-- Repeats  Safe.
-- Raises   RU211 programme_invalid
create or replace function ringup.check_programme(p_programme ringup.loyalty_programmes)
returns void
language plpgsql
as $$
declare
    p         ringup.loyalty_programmes := p_programme;
    v_problem text;
begin
    select c.problem into v_problem
      from (values
          (1, p.valid_from >= p.created_at, 'a programme cannot begin in the past: that would rewrite what was granted'),
          (2, p.point_value_minor between 1 and 1000000, 'a point is worth from 1 to 1000000 minor units'),
          (3, p.points_per_order between 0 and 1000000, 'points per order are from 0 to 1000000'),
          (4, p.earns_on_tax is not null, 'whether tax earns points is yes or no'),
          (5, p.redeem_minimum >= 1 and p.redeem_step >= 1, 'the least to redeem and its steps are 1 or more'),
          (6, p.redeem_maximum is null or p.redeem_maximum >= p.redeem_minimum,
              'the most to redeem is not below the least'),
          (7, p.redeem_maximum is null or p.redeem_maximum / p.redeem_step * p.redeem_step >= p.redeem_minimum,
              'no step lies between the least and the most to redeem'),
          (8, p.redeem_percent_maximum between 1 and 100, 'points pay from 1 to 100 percent of the goods'),
          (9, p.pending_days between 0 and 3650, 'points are pending from 0 to 3650 days'),
          (10, p.live_days is null or p.live_days between 1 and 36500, 'points live from 1 to 36500 days, or for ever'),
          (11, p.live_days is null or p.live_days > p.pending_days, 'points would expire before they can be spent'),
          (12, p.refund_policy in ('only_pending', 'within_balance', 'unlimited'),
               'the refund policy is only_pending, within_balance or unlimited'),
          (13, p.may_go_negative is not null, 'whether a balance may go below zero is yes or no'),
          (14, p.refund_policy <> 'unlimited' or p.may_go_negative,
               'unlimited refunds need balances that may go below zero'),
          (15, p.tier_basis is null or p.tier_basis in ('spend', 'points'), 'tiers go by spend or by points'),
          (16, p.tier_window_days between 1 and 3650 and p.tier_hold_days between 0 and 3650,
               'a tier looks back from 1 to 3650 days, and is held from 0 to 3650')
      ) as c (number, holds, problem)
     where c.holds is not true
     order by c.number
     limit 1;
    if found then
        raise exception using errcode = 'RU211', message = v_problem;
    end if;
end
$$;
