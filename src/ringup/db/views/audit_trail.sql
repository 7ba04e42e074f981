-- Who did what, with whose approval.
create view ringup.audit_trail as
select a.vendor_id, a.id, a.actor, a.approved_by, a.approval_id, a.action, a.row_type, a.row_id, a.before, a.after,
       a.origin, a.created_at
  from ringup.audit_log a;
