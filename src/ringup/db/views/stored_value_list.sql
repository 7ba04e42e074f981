-- Gift cards and store credit, as people see them: what is on each, and how much of that is free.
create view ringup.stored_value_list as
select a.vendor_id, a.id, a.kind, a.customer_id, a.code_last4, a.currency, a.balance_minor, a.held_minor,
       a.balance_minor - a.held_minor as available_minor, a.expires_at,
       case when a.disabled_at is not null then 'disabled'
            when a.expires_at <= ringup.now() then 'expired' else 'active' end as status,
       a.disabled_at, a.disabled_reason, a.created_at
  from ringup.stored_value_accounts a;
