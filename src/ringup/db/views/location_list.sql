-- The vendor's stores.
create view ringup.location_list as
select l.vendor_id, l.id, l.code, l.name, l.created_at
  from ringup.locations l;
