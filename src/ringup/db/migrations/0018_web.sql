-- What the pages keep: browsers that were connected to a shop, and the carts that stand at its registers.

-- A person may be signed in at no register at all: in the console.
alter table ringup.staff_sign_ins alter column register_id drop not null;

create table ringup.web_browsers (
    vendor_id       uuid not null,
    id              uuid not null,
    name            text not null check (name <> ''),
    token_hash      bytea not null,
    api_key_id      uuid not null,
    connected_at    timestamptz not null,
    last_seen_at    timestamptz not null,
    disconnected_at timestamptz,
    primary key (vendor_id, id),
    foreign key (vendor_id, api_key_id) references ringup.api_keys (vendor_id, id),
    constraint web_browsers_one_token unique (vendor_id, token_hash)
) with (fillfactor = 70);
comment on table ringup.web_browsers is
    'A browser shows a shop''s pages for as long as the API key holds with which it was connected.';

create table ringup.till_carts (
    vendor_id   uuid not null,
    id          uuid not null,
    register_id uuid not null,
    place       text not null check (place in ('counter', 'parked', 'left')),
    revision    bigint not null default 1 check (revision > 0),
    attempt     integer not null default 1 check (attempt > 0),
    contents    jsonb not null check (jsonb_typeof(contents) = 'object' and pg_column_size(contents) < 262144),
    tenders     jsonb check (jsonb_typeof(tenders) = 'array'),
    changed_by  text not null,
    created_at  timestamptz not null,
    updated_at  timestamptz not null,
    primary key (vendor_id, id),
    foreign key (vendor_id, register_id) references ringup.registers (vendor_id, id)
) with (fillfactor = 50);
comment on column ringup.till_carts.tenders is
    'How it is being paid, or was. Null while the cart may change: from then on it is what was asked for.';
comment on column ringup.till_carts.attempt is
    'Part of the idempotency key. It counts on when a sale of this cart has ended without one, and never before.';
-- One cart stands at the counter, whoever looks at it from how many tabs.
create unique index till_carts_one_at_the_counter on ringup.till_carts (vendor_id, register_id)
    where place = 'counter';
create index till_carts_parked on ringup.till_carts (vendor_id, register_id) where place = 'parked';
