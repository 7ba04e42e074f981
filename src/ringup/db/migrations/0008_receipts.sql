-- What stands on a receipt besides the sale, which copies were made, and which are to go out by e-mail.

create table ringup.receipt_texts (
    vendor_id   uuid not null,
    location_id uuid not null,
    header      text not null default '' check (length(header) <= 1000),
    footer      text not null default '' check (length(footer) <= 1000),
    updated_at  timestamptz not null,
    primary key (vendor_id, location_id),
    foreign key (vendor_id, location_id) references ringup.locations (vendor_id, id)
);
comment on table ringup.receipt_texts is
    'The store''s own lines: address and tax number above the sale, thanks below it.';

-- Append-only. The first print of an order is the receipt; every later one is a copy, and says so.
create table ringup.receipt_prints (
    vendor_id    uuid not null,
    id           uuid not null,
    order_id     uuid not null,
    print_number integer not null check (print_number > 0),
    format       text not null check (format in ('text', 'html', 'escpos')),
    printed_by   text not null,
    created_at   timestamptz not null,
    primary key (vendor_id, id),
    foreign key (vendor_id, order_id) references ringup.orders (vendor_id, id),
    constraint receipt_prints_one_number unique (vendor_id, order_id, print_number)
);

create table ringup.receipt_mails (
    vendor_id    uuid not null,
    id           uuid not null,
    order_id     uuid not null,
    recipient    text not null check (length(recipient) <= 254),
    status       text not null check (status in ('queued', 'sent', 'failed')),
    try_count    integer not null default 0 check (try_count >= 0),
    next_try_at  timestamptz,
    error        text,
    requested_by text not null,
    created_at   timestamptz not null,
    sent_at      timestamptz,
    primary key (vendor_id, id),
    foreign key (vendor_id, order_id) references ringup.orders (vendor_id, id),
    check ((status = 'queued') = (next_try_at is not null)),
    check ((status = 'sent') = (sent_at is not null))
);
comment on column ringup.receipt_mails.next_try_at is
    'When it is due. Claiming it moves this on by a lease, so a sender that dies is followed by another.';
create index receipt_mails_due on ringup.receipt_mails (vendor_id, next_try_at) where status = 'queued';
create index receipt_mails_by_order on ringup.receipt_mails (vendor_id, order_id);
