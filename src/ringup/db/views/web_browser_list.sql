-- Browsers that were connected to the shop's pages.
create view ringup.web_browser_list as
select b.vendor_id, b.id, b.name, b.api_key_id, b.connected_at, b.last_seen_at, b.disconnected_at
  from ringup.web_browsers b;
