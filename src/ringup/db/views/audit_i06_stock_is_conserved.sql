-- I6: on hand is the sum of its movements, which chain; reserved is what live checkouts hold; nothing is sold twice;
-- every stock document moved what it says, and of a transfer no more arrived than was sent.
create view ringup.audit_i06_stock_is_conserved as
select i.vendor_id, 'inventory' as subject, i.location_id || '/' || i.product_id as subject_id,
       format('on hand %s, movements %s; reserved %s, live checkouts %s', i.on_hand, coalesce(m.on_hand, 0),
              i.reserved, coalesce(h.quantity, 0)) as problem
  from ringup.inventory i
  left join (select v.vendor_id, v.location_id, v.product_id,
                    sum(v.on_hand_change) as on_hand, sum(v.reserved_change) as reserved
               from ringup.inventory_movements v
              group by v.vendor_id, v.location_id, v.product_id) as m
    on m.vendor_id = i.vendor_id and m.location_id = i.location_id and m.product_id = i.product_id
  left join (select o.vendor_id, o.location_id, n.product_id, sum(n.quantity) as quantity
               from ringup.orders o
               join ringup.order_items n on n.vendor_id = o.vendor_id and n.order_id = o.id
              where o.holds = 'held' and n.tracks_stock
              group by o.vendor_id, o.location_id, n.product_id) as h
    on h.vendor_id = i.vendor_id and h.location_id = i.location_id and h.product_id = i.product_id
 where i.on_hand <> coalesce(m.on_hand, 0) or i.reserved <> coalesce(m.reserved, 0)
    or i.reserved <> coalesce(h.quantity, 0) or i.on_hand < i.reserved
union all
select s.vendor_id, s.subject, s.subject_id, s.problem from ringup.stock_checks s
union all
select o.vendor_id, 'order', o.id::text, format('sold %s, moved %s', s.quantity, coalesce(m.quantity, 0))
  from ringup.orders o
  join (select n.vendor_id, n.order_id, sum(n.quantity) as quantity
          from ringup.order_items n
         where n.tracks_stock
         group by n.vendor_id, n.order_id) as s on s.vendor_id = o.vendor_id and s.order_id = o.id
  -- Added up once: looked up for each order, the movements would be read as often as there are orders.
  left join (select v.vendor_id, v.reference_id, -sum(v.on_hand_change) as quantity
               from ringup.inventory_movements v
              where v.reference_type = 'order' and v.reason = 'sold'
              group by v.vendor_id, v.reference_id) as m on m.vendor_id = o.vendor_id and m.reference_id = o.id::text
 where coalesce(m.quantity, 0) <> case when o.holds = 'posted' then s.quantity else 0 end
union all
select r.vendor_id, 'refund', r.id::text,
       format('%s came back to be sold again, moved %s', s.quantity, coalesce(m.quantity, 0))
  from ringup.refunds r
  join (select l.vendor_id, l.refund_id,
               coalesce(sum(l.quantity) filter (where l.restock and n.tracks_stock), 0) as quantity
          from ringup.refund_lines l
          join ringup.order_items n
            on n.vendor_id = l.vendor_id and n.order_id = l.order_id and n.line_number = l.line_number
         group by l.vendor_id, l.refund_id) as s on s.vendor_id = r.vendor_id and s.refund_id = r.id
  left join (select v.vendor_id, v.reference_id, sum(v.on_hand_change) as quantity
               from ringup.inventory_movements v
              where v.reference_type = 'refund'
              group by v.vendor_id, v.reference_id) as m on m.vendor_id = r.vendor_id and m.reference_id = r.id::text
 where coalesce(m.quantity, 0) <> case when r.status = 'completed' then s.quantity else 0 end;
