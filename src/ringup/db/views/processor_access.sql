-- What wiring needs to speak to a terminal; the credentials are encrypted.
create view ringup.processor_access as
select p.vendor_id, p.id, p.processor_name, p.processor_type, p.is_active, p.settings, p.credentials,
       p.credentials_key_id, p.last_batch_number, p.updated_at
  from ringup.payment_processors p;
