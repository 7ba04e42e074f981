-- Sales: the order, its lines, its payments, its story.

create table ringup.orders (
    vendor_id           uuid not null references ringup.vendors (id),
    id                  uuid not null,
    location_id         uuid not null,
    register_id         uuid not null,
    register_session_id uuid not null,
    customer_id         uuid,
    order_number        text not null,
    status              text not null check (status in (
        'pending_payment', 'payment_processing', 'payment_authorized', 'completed',
        'payment_failed', 'cancelled', 'partially_refunded', 'refunded')),
    payment_status      text not null default 'unpaid' check (payment_status in (
        'unpaid', 'authorized', 'paid', 'voiding', 'voided', 'partially_refunded', 'refunded', 'unknown')),
    currency            text not null references ringup.currencies (code),
    subtotal_minor      bigint not null check (subtotal_minor >= 0),
    discount_minor      bigint not null check (discount_minor >= 0),
    points_value_minor  bigint not null default 0 check (points_value_minor >= 0),
    tax_minor           bigint not null default 0 check (tax_minor >= 0),
    tip_minor           bigint not null default 0 check (tip_minor >= 0),
    total_minor         bigint not null check (total_minor >= 0),
    points_redeemed     integer not null default 0 check (points_redeemed >= 0),
    points_earned       integer not null default 0 check (points_earned >= 0),
    holds               text not null check (holds in ('held', 'posted', 'released')),
    hold_until          timestamptz not null,
    cancel_event        text check (cancel_event in ('cancelled', 'payment_refused')),
    failure_code        text,
    failure_detail      text,
    idempotency_key     text not null,
    request_id          text,
    metadata            jsonb not null default '{}',
    event_count         integer not null default 0,
    lease_until         timestamptz,
    created_at          timestamptz not null,
    updated_at          timestamptz not null,
    completed_at        timestamptz,
    primary key (vendor_id, id),
    foreign key (vendor_id, location_id) references ringup.locations (vendor_id, id),
    foreign key (vendor_id, register_id) references ringup.registers (vendor_id, id),
    foreign key (vendor_id, register_session_id) references ringup.register_sessions (vendor_id, id),
    foreign key (vendor_id, customer_id) references ringup.customers (vendor_id, id),
    constraint orders_one_number unique (vendor_id, location_id, order_number),
    constraint orders_add_up check (total_minor = subtotal_minor - discount_minor + tax_minor + tip_minor),
    constraint orders_points_are_a_discount check (points_value_minor <= discount_minor)
) with (fillfactor = 70);
comment on column ringup.orders.discount_minor is 'Of the lines and of the points redeemed (points_value_minor).';
comment on column ringup.orders.holds is
    'Whether stock and points are set aside for this order, left with it, or were given back.';
comment on column ringup.orders.cancel_event is 'How the order is to end once the money in doubt is found out.';

create index orders_by_time on ringup.orders (vendor_id, created_at desc, id desc);
create index orders_by_customer on ringup.orders (vendor_id, customer_id, created_at desc)
    where customer_id is not null;
-- Recovery finds what nobody is driving any more by this index alone.
create index orders_open on ringup.orders (vendor_id, lease_until)
    where status in ('pending_payment', 'payment_processing', 'payment_authorized');

create table ringup.order_items (
    vendor_id        uuid not null,
    order_id         uuid not null,
    line_number      integer not null check (line_number > 0),
    product_id       uuid not null,
    sku              text not null,
    name             text not null,
    quantity         bigint not null check (quantity > 0),
    unit_price_minor bigint not null check (unit_price_minor >= 0),
    discount_minor   bigint not null check (discount_minor >= 0),
    tax_minor        bigint not null default 0 check (tax_minor >= 0),
    total_minor      bigint not null check (total_minor >= 0),
    tracks_stock     boolean not null,
    primary key (vendor_id, order_id, line_number),
    foreign key (vendor_id, order_id) references ringup.orders (vendor_id, id),
    foreign key (vendor_id, product_id) references ringup.products (vendor_id, id),
    check (total_minor = unit_price_minor * quantity - discount_minor + tax_minor)
);

create table ringup.payment_transactions (
    vendor_id            uuid not null references ringup.vendors (id),
    id                   uuid not null,
    order_id             uuid not null,
    payment_processor_id uuid,
    kind                 text not null check (kind in ('charge', 'refund')),
    tender_number        integer not null check (tender_number > 0),
    tender_type          text not null
        check (tender_type in ('card', 'cash', 'external', 'gift_card', 'store_credit')),
    status               text not null check (status in (
        'created', 'processing', 'approved', 'declined', 'error', 'unknown', 'voiding', 'voided')),
    capture_status       text not null default 'not_needed'
        check (capture_status in ('not_needed', 'pending', 'captured', 'failed')),
    amount_minor         bigint not null check (amount_minor > 0),
    approved_minor       bigint check (approved_minor > 0),
    tip_minor            bigint not null default 0 check (tip_minor between 0 and amount_minor),
    tendered_minor       bigint,
    change_minor         bigint check (change_minor >= 0),
    currency             text not null references ringup.currencies (code),
    reference_id         text not null,
    external_reference   text,
    auth_code            text,
    card_brand           text,
    card_last4           text check (card_last4 ~ '^[0-9]{4}$'),
    batch_number         text,
    transaction_number   text,
    host_reference       text,
    error_code           text,
    error_message        text,
    sent_at              timestamptz,
    settled_at           timestamptz,
    check_count          integer not null default 0,
    next_check_at        timestamptz,
    lease_until          timestamptz,
    created_at           timestamptz not null,
    updated_at           timestamptz not null,
    primary key (vendor_id, id),
    foreign key (vendor_id, order_id) references ringup.orders (vendor_id, id),
    foreign key (vendor_id, payment_processor_id) references ringup.payment_processors (vendor_id, id),
    -- Our reference is the processor's idempotency key: it never stands for two attempts.
    constraint payment_transactions_one_reference unique (vendor_id, reference_id),
    check ((tender_type = 'card') = (payment_processor_id is not null)),
    check (status not in ('approved', 'voiding', 'voided') or approved_minor is not null),
    check (change_minor is null or (tender_type = 'cash' and tendered_minor = amount_minor + change_minor))
) with (fillfactor = 70);
comment on column ringup.payment_transactions.amount_minor is 'Asked for, tip included.';

-- A tender has at most one charge that took money, may have taken it, or still may.
create unique index payment_transactions_one_charge_per_tender
    on ringup.payment_transactions (vendor_id, order_id, tender_number)
    where kind = 'charge' and status in ('created', 'processing', 'approved', 'unknown', 'voiding');
-- A terminal works on at most one payment, and on none while one is in doubt.
create unique index payment_transactions_one_per_terminal
    on ringup.payment_transactions (vendor_id, payment_processor_id)
    where status in ('processing', 'unknown');
create index payment_transactions_by_order on ringup.payment_transactions (vendor_id, order_id);
-- Recovery finds its work by this index alone.
create index payment_transactions_due on ringup.payment_transactions (vendor_id, next_check_at)
    where next_check_at is not null;

-- The order's story, and the outbox: written with what it tells, in order per order.
create table ringup.order_events (
    vendor_id  uuid not null,
    order_id   uuid not null,
    sequence   integer not null check (sequence > 0),
    id         uuid not null,
    event      text not null,
    status     text not null,
    detail     jsonb not null default '{}',
    created_at timestamptz not null,
    primary key (vendor_id, order_id, sequence),
    foreign key (vendor_id, order_id) references ringup.orders (vendor_id, id)
);
create index order_events_by_time on ringup.order_events (vendor_id, created_at, id);

-- A key exists from the moment its order does; what was refused before leaves no key behind.
create table ringup.idempotency_keys (
    vendor_id       uuid not null references ringup.vendors (id),
    key             text not null check (length(key) between 1 and 255),
    request_hash    bytea not null,
    order_id        uuid not null,
    response_status integer,
    response_body   jsonb,
    created_at      timestamptz not null,
    completed_at    timestamptz,
    primary key (vendor_id, key),
    check ((response_status is null) = (completed_at is null))
);

create type ringup.priced_line as (
    product_id       uuid,
    sku              text,
    name             text,
    quantity         bigint,
    unit_price_minor bigint,
    discount_minor   bigint,
    total_minor      bigint,
    tracks_stock     boolean
);

create type ringup.planned_tender as (
    tender_type        text,
    processor_id       uuid,
    amount_minor       bigint,
    tip_minor          bigint,
    tendered_minor     bigint,
    change_minor       bigint,
    external_reference text
);
