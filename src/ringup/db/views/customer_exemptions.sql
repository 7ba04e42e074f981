-- Customers who buy without tax, those whose certificate has run out included.
create view ringup.customer_exemptions as
select e.vendor_id, e.customer_id, e.reason, e.certificate_number, e.valid_until,
       coalesce(e.valid_until > ringup.now(), true) as is_in_force, e.updated_at
  from ringup.customer_tax_exemptions e;
