-- Exchanges: goods of an earlier sale come back and others are sold at once. A refund and a sale that end together.

alter table ringup.payment_transactions
    drop constraint payment_transactions_tender_type_check,
    add constraint payment_transactions_tender_type_check
        check (tender_type in ('card', 'cash', 'external', 'gift_card', 'store_credit', 'exchange'));

-- Within a refund, each charge is paid back by one attempt at a time; what of it pays new goods goes beside that.
drop index ringup.payment_transactions_one_refund_at_a_time;
create unique index payment_transactions_one_refund_at_a_time
    on ringup.payment_transactions (vendor_id, refund_id, refunds_payment_id, (tender_type = 'exchange'))
    where kind = 'refund' and status in ('created', 'processing', 'unknown');

alter table ringup.orders
    add column exchange_refund_id uuid,
    add foreign key (vendor_id, exchange_refund_id) references ringup.refunds (vendor_id, id);
comment on column ringup.orders.exchange_refund_id is
    'The refund of an earlier sale that pays this one, or a part of it: both complete in one transaction, or neither.';
-- What comes back pays one new sale.
create unique index orders_one_exchange_of_a_refund
    on ringup.orders (vendor_id, exchange_refund_id) where exchange_refund_id is not null;

alter table ringup.register_sessions
    add column exchange_minor bigint not null default 0;
comment on column ringup.register_sessions.exchange_minor is
    'Sales that were paid with goods that came back. The refunds of the same shift take it out again.';

-- What comes back in an exchange, and how what is over goes back.
create type ringup.returned_goods as (
    order_id           uuid,
    line_numbers       integer[],
    quantities         bigint[],
    restocks           boolean[],
    tip_minor          bigint,
    tender_type        text,
    external_reference text,
    without_receipt    boolean,
    reason             text,
    actor              text
);
