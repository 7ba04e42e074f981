-- What would be wrong with stock, beyond the sums: the movements of a product at a store chain, and every document
-- moved what it says.
create view ringup.stock_checks as
-- From nothing to what is there now, every movement begins where another one ended. Whatever their order, the states that
-- movements end in are those that others begin in, but for the first and the last.
select c.vendor_id, 'inventory' as subject, c.location_id || '/' || c.product_id as subject_id,
       format('a movement is missing or altered: %s on hand and %s reserved are a broken link', c.on_hand, c.reserved)
           as problem
  from (select m.vendor_id, m.location_id, m.product_id, m.on_hand_after as on_hand, m.reserved_after as reserved,
               1 as ends
          from ringup.inventory_movements m
        union all
        select m.vendor_id, m.location_id, m.product_id, m.on_hand_after - m.on_hand_change,
               m.reserved_after - m.reserved_change, -1
          from ringup.inventory_movements m
        union all
        select i.vendor_id, i.location_id, i.product_id, i.on_hand, i.reserved, -1 from ringup.inventory i
        union all
        select i.vendor_id, i.location_id, i.product_id, 0, 0, 1 from ringup.inventory i) as c
 group by c.vendor_id, c.location_id, c.product_id, c.on_hand, c.reserved
having sum(c.ends) <> 0
union all
select d.vendor_id, 'stock_document', d.id::text,
       format('a %s says %s of product %s from %s to %s, and %s moved', d.kind, l.quantity, l.product_id,
              l.on_hand_before, l.on_hand_after, coalesce(m.moved, 0))
  from ringup.stock_documents d
  join ringup.stock_document_lines l on l.vendor_id = d.vendor_id and l.document_id = d.id
  left join (select v.vendor_id, v.location_id, v.product_id, v.reference_id, sum(v.on_hand_change) as moved
               from ringup.inventory_movements v
              where v.reference_type = 'stock_document'
              group by v.vendor_id, v.location_id, v.product_id, v.reference_id) as m
    on m.vendor_id = l.vendor_id and m.location_id = d.location_id and m.product_id = l.product_id
   and m.reference_id = d.id::text
 where l.on_hand_after - l.on_hand_before <> coalesce(m.moved, 0)
    or coalesce(m.moved, 0) <> case d.kind when 'count' then l.quantity - l.expected
                                           when 'sending' then -l.quantity else l.quantity end
union all
select v.vendor_id, 'inventory_movement', v.id::text, 'it belongs to a stock document that has no line for it'
  from ringup.inventory_movements v
  left join ringup.stock_document_lines l
    on l.vendor_id = v.vendor_id and l.document_id::text = v.reference_id and l.product_id = v.product_id
 where v.reference_type = 'stock_document' and l.document_id is null
union all
-- A transfer that arrived: each product as it was sent, and no more of it.
select a.vendor_id, 'stock_document', a.id::text,
       format('of product %s %s were sent, %s were expected and %s arrived', coalesce(s.product_id, r.product_id),
              coalesce(s.quantity, 0), coalesce(r.expected, 0), coalesce(r.quantity, 0))
  from ringup.stock_documents a
  join (select x.vendor_id, x.document_id, x.product_id from ringup.stock_document_lines x
        union
        select y.vendor_id, d.id, y.product_id
          from ringup.stock_documents d
          join ringup.stock_document_lines y on y.vendor_id = d.vendor_id and y.document_id = d.sending_id) as e
    on e.vendor_id = a.vendor_id and e.document_id = a.id
  left join ringup.stock_document_lines s
    on s.vendor_id = a.vendor_id and s.document_id = a.sending_id and s.product_id = e.product_id
  left join ringup.stock_document_lines r
    on r.vendor_id = a.vendor_id and r.document_id = a.id and r.product_id = e.product_id
 where a.kind = 'arrival'
   and (s.quantity is distinct from r.expected or r.quantity not between 0 and s.quantity
        or r.quantity < s.quantity and a.shortfall is null);
