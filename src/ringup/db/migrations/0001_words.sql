-- What may follow what, and which currencies there are. Nothing in these tables belongs to a vendor.

create table ringup.currencies (
    code     text primary key check (code ~ '^[A-Z]{3}$'),
    exponent smallint not null check (exponent between 0 and 4)
);
comment on table ringup.currencies is 'ISO 4217: how many digits the minor unit has.';

insert into ringup.currencies (code, exponent)
select c.code, 2
  from unnest(string_to_array(
    'AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF '
    'CHF CNY COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL '
    'HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP '
    'MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD '
    'SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS '
    'VED VES WST XCD YER ZAR ZMW ZWG', ' ')) as c (code);
insert into ringup.currencies (code, exponent)
select c.code, 0
  from unnest(string_to_array('BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF', ' ')) as c (code);
insert into ringup.currencies (code, exponent)
select c.code, 3 from unnest(string_to_array('BHD IQD JOD KWD LYD OMR TND', ' ')) as c (code);

create table ringup.states (
    machine text not null check (machine in ('order', 'payment', 'capture')),
    name    text not null,
    means   text not null,
    primary key (machine, name)
);
comment on table ringup.states is
    'Every state of an order, a payment and its capture, with the sentence people are shown.';

insert into ringup.states (machine, name, means) values
    ('order', 'pending_payment', 'Goods and points are set aside. Nobody has been asked for money.'),
    ('order', 'payment_processing', 'A terminal has been asked. Money may have moved.'),
    ('order', 'payment_authorized', 'All the money is there. The goods are still here.'),
    ('order', 'completed', 'Paid, and the goods are the customer''s.'),
    ('order', 'payment_failed', 'The money was refused. Whatever had been taken is being given back.'),
    ('order', 'cancelled', 'Given up before the end. Whatever had been taken is being given back.'),
    ('order', 'partially_refunded', 'Completed, and a part was paid back since.'),
    ('order', 'refunded', 'Completed, and all of it was paid back since.'),
    ('payment', 'created', 'Planned. Nobody has been asked.'),
    ('payment', 'processing', 'The terminal has been asked and has not answered yet.'),
    ('payment', 'approved', 'The money moved or is set aside for us.'),
    ('payment', 'declined', 'The bank or the customer said no.'),
    ('payment', 'error', 'Certainly not charged: the request was never carried out.'),
    ('payment', 'unknown', 'The terminal did not say. Money may have moved; we are finding out.'),
    ('payment', 'voiding', 'The money moved and must go back; asked until it is confirmed.'),
    ('payment', 'voided', 'The money went back.'),
    ('capture', 'not_needed', 'There is nothing to capture.'),
    ('capture', 'pending', 'The money is set aside and still has to be taken.'),
    ('capture', 'captured', 'The money was taken.'),
    ('capture', 'failed', 'The processor refuses the capture; a person has to act.');

create table ringup.transitions (
    machine    text not null,
    from_state text not null,
    event      text not null,
    to_state   text not null,
    primary key (machine, from_state, event),
    foreign key (machine, from_state) references ringup.states (machine, name),
    foreign key (machine, to_state) references ringup.states (machine, name)
);
comment on table ringup.transitions is 'The whole truth about what may follow what.';

insert into ringup.transitions (machine, from_state, event, to_state) values
    ('order', 'pending_payment', 'payment_begun', 'payment_processing'),
    ('order', 'pending_payment', 'fully_paid', 'payment_authorized'),
    ('order', 'pending_payment', 'payment_refused', 'payment_failed'),
    ('order', 'pending_payment', 'cancelled', 'cancelled'),
    ('order', 'payment_processing', 'payment_begun', 'payment_processing'),
    ('order', 'payment_processing', 'payment_in_doubt', 'payment_processing'),
    ('order', 'payment_processing', 'fully_paid', 'payment_authorized'),
    ('order', 'payment_processing', 'payment_refused', 'payment_failed'),
    ('order', 'payment_processing', 'cancelled', 'cancelled'),
    ('order', 'payment_authorized', 'completed', 'completed'),
    ('order', 'payment_authorized', 'cancelled', 'cancelled'),
    ('order', 'payment_failed', 'charge_found', 'payment_failed'),
    ('order', 'payment_failed', 'charge_undone', 'payment_failed'),
    ('order', 'cancelled', 'charge_found', 'cancelled'),
    ('order', 'cancelled', 'charge_undone', 'cancelled'),
    ('order', 'completed', 'partially_refunded', 'partially_refunded'),
    ('order', 'completed', 'refunded', 'refunded'),
    ('order', 'partially_refunded', 'partially_refunded', 'partially_refunded'),
    ('order', 'partially_refunded', 'refunded', 'refunded'),
    ('payment', 'created', 'sent', 'processing'),
    ('payment', 'created', 'accepted', 'approved'),
    ('payment', 'created', 'dropped', 'error'),
    ('payment', 'created', 'approved', 'approved'),
    ('payment', 'processing', 'put_back', 'created'),
    ('payment', 'processing', 'approved', 'approved'),
    ('payment', 'processing', 'declined', 'declined'),
    ('payment', 'processing', 'not_sent', 'error'),
    ('payment', 'processing', 'in_doubt', 'unknown'),
    ('payment', 'unknown', 'approved', 'approved'),
    ('payment', 'unknown', 'declined', 'declined'),
    ('payment', 'unknown', 'not_sent', 'error'),
    ('payment', 'unknown', 'in_doubt', 'unknown'),
    ('payment', 'declined', 'approved', 'approved'),
    ('payment', 'error', 'approved', 'approved'),
    ('payment', 'approved', 'void_begun', 'voiding'),
    ('payment', 'voiding', 'voided', 'voided'),
    ('payment', 'voiding', 'void_refused', 'approved'),
    ('capture', 'pending', 'captured', 'captured'),
    ('capture', 'pending', 'capture_refused', 'failed'),
    ('capture', 'pending', 'dropped', 'not_needed'),
    ('capture', 'failed', 'captured', 'captured'),
    ('capture', 'failed', 'dropped', 'not_needed');
