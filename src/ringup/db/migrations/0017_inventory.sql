-- Stock that is provable: goods come, are sent to other stores, counted and corrected by documents with a reason.

alter table ringup.inventory_movements drop constraint inventory_movements_reason_check;
alter table ringup.inventory_movements
    add constraint inventory_movements_reason_check check (
        reason in ('opening', 'received', 'adjusted', 'counted', 'sent', 'arrived',
                   'held', 'released', 'sold', 'returned'));

-- Append-only. A transfer is two documents: goods leave one store with a sending, and come to the other with its arrival.
create table ringup.stock_documents (
    vendor_id      uuid not null references ringup.vendors (id),
    id             uuid not null,
    kind           text not null check (kind in ('receiving', 'adjustment', 'count', 'sending', 'arrival')),
    location_id    uuid not null,
    to_location_id uuid,
    sending_id     uuid,
    reason         text not null check (reason <> ''),
    shortfall      text check (shortfall <> ''),
    counted_at     timestamptz,
    done_by        text not null check (done_by <> ''),
    approved_by    text,
    request_hash   bytea not null,
    created_at     timestamptz not null,
    primary key (vendor_id, id),
    foreign key (vendor_id, location_id) references ringup.locations (vendor_id, id),
    foreign key (vendor_id, to_location_id) references ringup.locations (vendor_id, id),
    foreign key (vendor_id, sending_id) references ringup.stock_documents (vendor_id, id),
    -- What was sent arrives once.
    constraint stock_documents_one_arrival unique (vendor_id, sending_id),
    constraint stock_documents_sent_elsewhere check (to_location_id <> location_id),
    check ((kind = 'sending') = (to_location_id is not null)),
    check ((kind = 'arrival') = (sending_id is not null)),
    check ((kind = 'count') = (counted_at is not null)),
    check (kind = 'arrival' or shortfall is null)
);
comment on column ringup.stock_documents.shortfall is 'Why less arrived than was sent.';
comment on column ringup.stock_documents.counted_at is
    'The instant that the count is true for: what moved since then does not count.';
create index stock_documents_by_time on ringup.stock_documents (vendor_id, created_at desc, id desc);

-- Append-only. What the person said is quantity; what it was compared with is expected.
create table ringup.stock_document_lines (
    vendor_id      uuid not null,
    document_id    uuid not null,
    product_id     uuid not null,
    quantity       bigint not null,
    expected       bigint,
    on_hand_before bigint not null check (on_hand_before >= 0),
    on_hand_after  bigint not null check (on_hand_after >= 0),
    reserved       bigint not null check (reserved >= 0),
    primary key (vendor_id, document_id, product_id),
    foreign key (vendor_id, document_id) references ringup.stock_documents (vendor_id, id),
    foreign key (vendor_id, product_id) references ringup.products (vendor_id, id)
);
comment on column ringup.stock_document_lines.quantity is
    'What came, left, was counted or arrived, from 0 up; for an adjustment the change, with its sign.';
comment on column ringup.stock_document_lines.expected is
    'For a count, what was on hand at its instant; for an arrival, what was sent.';
-- Which counts came after a given instant.
create index stock_document_lines_by_product on ringup.stock_document_lines (vendor_id, product_id, document_id);

create type ringup.stock_line as (
    product_id  uuid,
    sku         text,
    price_minor bigint,
    quantity    bigint
);

insert into ringup.staff_actions (name, means) values
    ('count_stock', 'Count goods; the amount is what the difference costs on the shelf.'),
    ('transfer_stock', 'Send goods to another store or book them in there; the amount is what they cost on the shelf.');

insert into ringup.staff_rules_default (role, action, rule)
select r.name, a.name,
       case r.name when 'auditor' then 'denied' when 'cashier' then 'needs_approval' else 'allowed' end
  from ringup.staff_roles r
 cross join (values ('count_stock'), ('transfer_stock')) as a (name);
