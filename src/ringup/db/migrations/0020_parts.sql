-- A card may be approved for less than was asked. Where the till says so, the part is kept and the rest paid another way.

alter table ringup.orders
    add column accepts_partial boolean not null default false,
    add column due_minor bigint not null default 0,
    add constraint orders_due_after_a_part check (due_minor = 0 or (due_minor > 0 and accepts_partial));
comment on column ringup.orders.accepts_partial is
    'Whether the till takes a part that a card was approved for, and the rest in another way. Else the part goes back.';
comment on column ringup.orders.due_minor is
    'What parts that were kept left to pay. Until hold_until a tender for it may be added; then the sale is given up.';

insert into ringup.transitions (machine, from_state, event, to_state) values
    ('order', 'payment_processing', 'part_kept', 'payment_processing'),
    ('order', 'payment_processing', 'tender_added', 'payment_processing');

create table ringup.tender_requests (
    vendor_id    uuid not null,
    key          text not null check (length(key) between 1 and 255),
    request_hash bytea not null,
    order_id     uuid not null,
    created_at   timestamptz not null,
    primary key (vendor_id, key),
    foreign key (vendor_id, order_id) references ringup.orders (vendor_id, id)
);
comment on table ringup.tender_requests is
    'Each request that added tenders to a sale, by its idempotency key: so that it adds them once.';
