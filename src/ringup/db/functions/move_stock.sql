-- move_stock(vendor, location, product, on-hand change, reserved change, reason, reference, note) → whether it could
--
-- Why      The one writer of stock. Check and change are one conditional statement under the
--          row's lock, and every change leaves a movement.
-- Writes   inventory (one row), inventory_movements (one row); nothing when it answers false.
-- Locks    The inventory row. Callers move several products in the order of their ids.
-- Repeats  Not idempotent. Callers decide.
-- Raises   Nothing: false says that there is not enough, or no such row.
create or replace function ringup.move_stock(
    p_vendor_id uuid, p_location_id uuid, p_product_id uuid,
    p_on_hand_change bigint, p_reserved_change bigint,
    p_reason text, p_reference_type text, p_reference_id text, p_note text default null
)
returns boolean
language plpgsql
as $$
begin
    with moved as (
        update ringup.inventory i
           set on_hand = i.on_hand + p_on_hand_change, reserved = i.reserved + p_reserved_change
         where i.vendor_id = p_vendor_id and i.location_id = p_location_id and i.product_id = p_product_id
           and i.on_hand + p_on_hand_change >= i.reserved + p_reserved_change
           and i.reserved + p_reserved_change >= 0
        returning i.on_hand, i.reserved)
    insert into ringup.inventory_movements (
        vendor_id, id, location_id, product_id, reason, on_hand_change, reserved_change,
        on_hand_after, reserved_after, reference_type, reference_id, note, created_at)
    select p_vendor_id, ringup.new_id(), p_location_id, p_product_id, p_reason, p_on_hand_change, p_reserved_change,
           m.on_hand, m.reserved, p_reference_type, p_reference_id, p_note, ringup.now()
      from moved m;
    return found;
end
$$;
