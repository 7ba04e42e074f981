import asyncio, time, uuid
from ringup.checkout.ring_up import ring_up
from ringup.api.cart_form import CartForm
async def test_bench(store):
    cart = store.ours.retailer.cash_cart(lines=[{"sku":"TEA","quantity":1}]*3)
    for label in range(2):
        t=time.perf_counter()
        for _ in range(150): await store.ours.sell(cart)
        api=(time.perf_counter()-t)/150*1000
        form=CartForm.model_validate(cart)
        t=time.perf_counter()
        for _ in range(150): await ring_up(store.shop.counter, form.sale(store.ours.retailer.vendor, str(uuid.uuid4()), "r", may_set_prices=False))
        eng=(time.perf_counter()-t)/150*1000
        print("api ms", api, "engine ms", eng)
    assert 0
