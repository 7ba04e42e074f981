-- What recovery needs to find by itself, and what it has to leave to a person.

alter table ringup.payment_processors add column next_health_check_at timestamptz not null default '-infinity';
comment on column ringup.payment_processors.next_health_check_at is
    'When the terminal is to be asked again whether it is there: on schedule, or at once after a failure.';
create index payment_processors_due on ringup.payment_processors (vendor_id, next_health_check_at) where is_active;

create table ringup.reconciliation_items (
    vendor_id            uuid not null references ringup.vendors (id),
    id                   uuid not null,
    kind                 text not null check (kind in (
        'charge_without_payment', 'not_at_processor', 'amount_differs', 'void_refused', 'capture_refused')),
    payment_processor_id uuid,
    payment_id           uuid,
    reference_id         text,
    amount_minor         bigint,
    detail               text not null,
    resolved_at          timestamptz,
    resolved_by          text,
    resolution           text,
    created_at           timestamptz not null,
    primary key (vendor_id, id),
    foreign key (vendor_id, payment_processor_id) references ringup.payment_processors (vendor_id, id),
    foreign key (vendor_id, payment_id) references ringup.payment_transactions (vendor_id, id),
    check ((resolved_at is null) = (resolved_by is null)),
    check ((resolved_at is null) = (resolution is null))
);
comment on table ringup.reconciliation_items is 'What no rule can settle: it waits here for a person, with a reason.';
-- The same thing is found every time somebody looks; it waits once.
create unique index reconciliation_items_once
    on ringup.reconciliation_items (vendor_id, kind, reference_id) where resolved_at is null;
