-- Which version of the sources this schema was made from, for processes that must not start on another one.
create view ringup.schema_version as
select s.checksum, (select max(m.number) from ringup.schema_migrations m) as migration
  from ringup.schema_source s;
