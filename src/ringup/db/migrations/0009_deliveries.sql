-- What was committed is handed on, once everybody can see it; and two more things that wait for a person.

-- The story of an order never changes; this mark beside it says since when it is known to have been handed on.
-- What was written before there was a relay counts as handed on: nobody was listening.
alter table ringup.order_events add column relayed_at timestamptz default '-infinity';
alter table ringup.order_events alter column relayed_at drop default;
comment on column ringup.order_events.relayed_at is 'When the relay had handed the event on; null until then.';
-- The relay finds its work by this index alone.
create index order_events_not_relayed on ringup.order_events (vendor_id, created_at) where relayed_at is null;

-- One relay at a time works for a vendor, so that the events of an order are handed on in their order.
create table ringup.event_relays (
    vendor_id   uuid not null references ringup.vendors (id),
    holder      uuid,
    lease_until timestamptz not null default '-infinity',
    primary key (vendor_id)
) with (fillfactor = 70);
comment on table ringup.event_relays is 'Who hands on a vendor''s events now, and until when it may be silent.';

alter table ringup.reconciliation_items drop constraint reconciliation_items_kind_check;
alter table ringup.reconciliation_items add constraint reconciliation_items_kind_check check (kind in (
    'charge_without_payment', 'not_at_processor', 'amount_differs', 'void_refused', 'capture_refused',
    'capture_expiring', 'doubt_unanswerable'));
-- Whether a person was told about a payment before is asked for each one whose authorisation is about to expire.
create index reconciliation_items_by_payment on ringup.reconciliation_items (vendor_id, payment_id);
