-- Stock documents: what came, was sent, arrived, was counted and corrected, by whom and why.
-- A sending without an arrival is under way.
create view ringup.stock_document_list as
select d.vendor_id, d.id, d.kind, d.location_id, l.code as location_code, d.to_location_id,
       t.code as to_location_code, d.sending_id, a.id as arrival_id, a.created_at as arrived_at, d.reason, d.shortfall,
       d.counted_at, d.done_by, d.approved_by, d.created_at
  from ringup.stock_documents d
  join ringup.locations l on l.vendor_id = d.vendor_id and l.id = d.location_id
  left join ringup.locations t on t.vendor_id = d.vendor_id and t.id = d.to_location_id
  left join ringup.stock_documents a on a.vendor_id = d.vendor_id and a.sending_id = d.id;
