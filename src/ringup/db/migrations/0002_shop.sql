-- The shop: vendors and what stands and works in their stores.
-- The vendor comes first in every key, so that one vendor's rows can live on one shard.

create table ringup.vendors (
    id         uuid primary key,
    name       text not null check (name <> ''),
    currency   text not null references ringup.currencies (code),
    time_zone  text not null default 'UTC',
    created_at timestamptz not null
);

create table ringup.locations (
    vendor_id  uuid not null references ringup.vendors (id),
    id         uuid not null,
    code       text not null check (code ~ '^[A-Z0-9]{1,8}$'),
    name       text not null check (name <> ''),
    created_at timestamptz not null,
    primary key (vendor_id, id),
    constraint locations_one_code unique (vendor_id, code)
);

-- A counter row rather than a sequence: sequences do not shard, and skip numbers.
create table ringup.order_counters (
    vendor_id   uuid not null,
    location_id uuid not null,
    last_number bigint not null default 0,
    primary key (vendor_id, location_id),
    foreign key (vendor_id, location_id) references ringup.locations (vendor_id, id)
) with (fillfactor = 50);

create table ringup.registers (
    vendor_id   uuid not null references ringup.vendors (id),
    id          uuid not null,
    location_id uuid not null,
    name        text not null check (name <> ''),
    is_active   boolean not null default true,
    created_at  timestamptz not null,
    primary key (vendor_id, id),
    foreign key (vendor_id, location_id) references ringup.locations (vendor_id, id),
    constraint registers_one_name unique (vendor_id, location_id, name)
);

create table ringup.register_sessions (
    vendor_id           uuid not null references ringup.vendors (id),
    id                  uuid not null,
    register_id         uuid not null,
    opened_by           text not null,
    opened_at           timestamptz not null,
    opening_float_minor bigint not null check (opening_float_minor >= 0),
    closed_at           timestamptz,
    closed_by           text,
    counted_minor       bigint check (counted_minor >= 0),
    expected_minor      bigint,
    variance_minor      bigint,
    order_count         bigint not null default 0,
    cash_minor          bigint not null default 0,
    card_minor          bigint not null default 0,
    external_minor      bigint not null default 0,
    gift_card_minor     bigint not null default 0,
    store_credit_minor  bigint not null default 0,
    primary key (vendor_id, id),
    foreign key (vendor_id, register_id) references ringup.registers (vendor_id, id),
    check ((closed_at is null) = (counted_minor is null))
) with (fillfactor = 70);

-- A register has at most one open session.
create unique index register_sessions_one_open
    on ringup.register_sessions (vendor_id, register_id) where closed_at is null;

create table ringup.products (
    vendor_id    uuid not null references ringup.vendors (id),
    id           uuid not null,
    sku          text not null check (sku <> ''),
    barcode      text check (barcode <> ''),
    name         text not null check (name <> ''),
    category     text,
    price_minor  bigint not null check (price_minor between 0 and 1000000000000),
    tracks_stock boolean not null default true,
    is_active    boolean not null default true,
    created_at   timestamptz not null,
    updated_at   timestamptz not null,
    primary key (vendor_id, id),
    constraint products_one_sku unique (vendor_id, sku),
    constraint products_one_barcode unique (vendor_id, barcode)
);

create table ringup.inventory (
    vendor_id   uuid not null references ringup.vendors (id),
    location_id uuid not null,
    product_id  uuid not null,
    on_hand     bigint not null default 0,
    reserved    bigint not null default 0 check (reserved >= 0),
    primary key (vendor_id, location_id, product_id),
    foreign key (vendor_id, location_id) references ringup.locations (vendor_id, id),
    foreign key (vendor_id, product_id) references ringup.products (vendor_id, id),
    constraint inventory_never_oversold check (on_hand >= reserved)
) with (fillfactor = 70);

-- Append-only: kept so by the grants, and by functions that only insert.
create table ringup.inventory_movements (
    vendor_id       uuid not null,
    id              uuid not null,
    location_id     uuid not null,
    product_id      uuid not null,
    reason          text not null
        check (reason in ('opening', 'received', 'adjusted', 'held', 'released', 'sold', 'returned')),
    on_hand_change  bigint not null,
    reserved_change bigint not null,
    on_hand_after   bigint not null,
    reserved_after  bigint not null,
    reference_type  text not null,
    reference_id    text not null,
    note            text,
    created_at      timestamptz not null,
    primary key (vendor_id, id),
    foreign key (vendor_id, location_id, product_id)
        references ringup.inventory (vendor_id, location_id, product_id)
);
create index inventory_movements_by_product
    on ringup.inventory_movements (vendor_id, location_id, product_id, created_at);

create table ringup.customers (
    vendor_id           uuid not null references ringup.vendors (id),
    id                  uuid not null,
    first_name          text,
    last_name           text,
    email               text,
    phone               text,
    loyalty_points      integer not null default 0,
    loyalty_points_held integer not null default 0 check (loyalty_points_held >= 0),
    loyalty_entries     bigint not null default 0 check (loyalty_entries >= 0),
    is_active           boolean not null default true,
    created_at          timestamptz not null,
    updated_at          timestamptz not null,
    primary key (vendor_id, id),
    constraint customers_points_cover_holds check (loyalty_points >= loyalty_points_held)
) with (fillfactor = 70);
-- Callers outside a checkout know a customer's id and not the vendor's.
create index customers_by_id on ringup.customers (id);
create index customers_by_email on ringup.customers (vendor_id, lower(email));
create index customers_by_phone on ringup.customers (vendor_id, phone);

create table ringup.payment_processors (
    vendor_id          uuid not null references ringup.vendors (id),
    id                 uuid not null,
    location_id        uuid not null,
    processor_name     text not null check (processor_name <> ''),
    processor_type     text not null check (processor_type in ('dejavoo_spin')),
    is_active          boolean not null default true,
    is_live            boolean not null default false,
    settings           jsonb not null default '{}',
    credentials        bytea,
    credentials_key_id text,
    last_health_check  timestamptz,
    last_health_status text check (last_health_status in ('online', 'busy', 'offline', 'not_found', 'unreachable')),
    last_health_error  text,
    last_batch_number  text,
    created_at         timestamptz not null,
    updated_at         timestamptz not null,
    primary key (vendor_id, id),
    foreign key (vendor_id, location_id) references ringup.locations (vendor_id, id),
    constraint payment_processors_one_name unique (vendor_id, location_id, processor_name)
);
comment on column ringup.payment_processors.credentials is
    'AES-256-GCM, bound to this row; the key is kept outside the database.';

create table ringup.processor_health_checks (
    vendor_id            uuid not null,
    id                   uuid not null,
    payment_processor_id uuid not null,
    status               text not null,
    detail               text,
    latency_ms           integer,
    checked_at           timestamptz not null,
    primary key (vendor_id, id),
    foreign key (vendor_id, payment_processor_id) references ringup.payment_processors (vendor_id, id)
);
create index processor_health_checks_by_time
    on ringup.processor_health_checks (vendor_id, payment_processor_id, checked_at desc);

create table ringup.api_keys (
    vendor_id    uuid not null references ringup.vendors (id),
    id           uuid not null,
    name         text not null check (name <> ''),
    prefix       text not null check (prefix <> ''),
    secret_hash  bytea not null,
    scopes       text[] not null,
    expires_at   timestamptz,
    revoked_at   timestamptz,
    created_at   timestamptz not null,
    primary key (vendor_id, id),
    constraint api_keys_one_prefix unique (vendor_id, prefix)
);
comment on column ringup.api_keys.secret_hash is 'HMAC-SHA-256 under a key kept outside the database.';
-- The bearer shows a key before anybody knows the vendor.
create index api_keys_by_prefix on ringup.api_keys (prefix);
