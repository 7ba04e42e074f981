-- Points leave the lots that expire first. The index has them in that order, so that they need not be sorted.

create index loyalty_lots_in_turn
    on ringup.loyalty_lots (vendor_id, customer_id, expires_at, available_at, id) where remaining > 0;
drop index ringup.loyalty_lots_live;
