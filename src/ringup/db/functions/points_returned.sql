-- points_returned(vendor, order, refund) → the points that the ledger reversed and gave back, for one refund or all
--
-- Why      What really happened, as against what was due: a policy may have taken less.
-- Writes   Nothing.
-- Locks    Nothing; the caller holds the order.
-- Repeats  Safe.
-- Raises   Nothing.
create or replace function ringup.points_returned(
    p_vendor_id uuid, p_order_id uuid, p_refund_id uuid default null,
    out points_reversed integer, out points_given_back integer
)
returns record
language sql
as $$
    select coalesce(-sum(t.points) filter (where t.points < 0), 0)::integer,
           coalesce(sum(t.points) filter (where t.points > 0), 0)::integer
      from ringup.loyalty_transactions t
     where t.vendor_id = p_vendor_id and t.reference_type = 'refund'
       and t.reference_id in (
           select r.refund_id::text
             from ringup.loyalty_returns r
            where r.vendor_id = p_vendor_id and r.order_id = p_order_id
              and (p_refund_id is null or r.refund_id = p_refund_id))
$$;
