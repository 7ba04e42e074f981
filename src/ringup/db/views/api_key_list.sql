-- Keys without their secrets, which are kept nowhere.
create view ringup.api_key_list as
select k.vendor_id, k.id, k.name, k.prefix, k.scopes, k.expires_at, k.revoked_at, k.created_at
  from ringup.api_keys k;
