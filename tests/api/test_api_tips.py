"""POST /v1/orders/{id}/tip: a card pays a tip after the sale, or says why not."""

import pytest

from ringup.recovery.sweep import sweep


@pytest.fixture
async def sold(store):
    return (await store.ours.sell(store.ours.retailer.cart())).json()


async def tip(store, order, amount=250, *, key="tip", till=None, **more):
    return await (till or store.ours).client.post(
        f"/v1/orders/{order['id']}/tip", json={"tip_minor": amount, **more}, headers={"Idempotency-Key": key}
    )


def refusal(response):
    return response.status_code, response.json()["code"]


async def test_the_card_pays_the_tip_and_everybody_sees_it(store, sold):
    tipped = await tip(store, sold)
    again = await tip(store, sold)

    document = tipped.json()
    assert (tipped.status_code, document["tip_minor"], document["total_minor"]) == (200, 250, 1250)
    (card,) = document["tenders"]
    assert (card["tip_minor"], card["approved_minor"], card["tip_wanted_minor"]) == (250, 1250, None)
    assert (again.status_code, again.headers["idempotent-replayed"]) == (200, "true")
    assert await store.lane.charged_cents() == [1250]
    receipt = await store.ours.client.get(f"/v1/orders/{sold['id']}/receipt", params={"format": "text"})
    assert "Tip" in receipt.text and "2.50" in receipt.text and "12.50" in receipt.text
    session = sold["register_session_id"]
    report = (await store.ours.client.get(f"/v1/register-sessions/{session}/report")).json()
    assert (report["sales"]["tip_minor"], report["sales"]["total_minor"]) == (250, 1250)


async def test_it_may_be_corrected_with_another_key(store, sold):
    await tip(store, sold, 900)

    corrected = await tip(store, sold, 90, key="corrected")

    assert (corrected.status_code, corrected.json()["total_minor"]) == (200, 1090)
    assert await store.lane.charged_cents() == [1090]


async def test_money_that_is_set_aside_is_captured_with_the_tip(store):
    await store.execute('update ringup.payment_processors set settings = settings || \'{"mode": "auth_capture"}\'')
    sold = (await store.ours.sell(store.ours.retailer.cart())).json()

    tipped = await tip(store, sold)
    for _ in range(2):
        assert (await sweep(store.shop.recovery, store.ours.retailer.vendor)).failures == ()
    late = await tip(store, sold, 300, key="later")

    assert (tipped.status_code, tipped.json()["tenders"][0]["capture_status"]) == (200, "pending")
    assert await store.lane.charged_cents() == [1250]
    assert refusal(late) == (409, "tip_not_adjustable")


async def test_an_answer_that_is_lost_is_found_out(store, sold):
    await store.lane.fault("drop_reply", path="TipAdjust")

    tipped = await tip(store, sold)

    assert (tipped.status_code, tipped.json()["total_minor"]) == (200, 1250)
    assert await store.lane.charged_cents() == [1250]


async def test_in_doubt_it_says_what_is_wanted_and_asking_again_finds_out(store, sold):
    await store.lane.fault("drop_reply", path="TipAdjust")
    await store.lane.fault("drop_reply", path="Status", skip=1)

    doubt = await tip(store, sold)
    again = await tip(store, sold)

    assert (doubt.status_code, doubt.json()["tenders"][0]["tip_wanted_minor"]) == (202, 250)
    assert (again.status_code, again.json()["total_minor"]) == (200, 1250)
    assert await store.lane.charged_cents() == [1250]


async def test_what_is_refused_changes_nothing(store, sold):
    paid_in_cash = (await store.ours.sell(store.ours.retailer.cart(tenders=[{"type": "cash"}]))).json()

    assert refusal(await tip(store, sold, 1001, key="more")) == (422, "tip_too_large")
    assert refusal(await tip(store, sold, -1, key="less")) == (422, "invalid_request")
    assert refusal(await tip(store, paid_in_cash, key="cash")) == (409, "tip_not_adjustable")
    assert refusal(await tip(store, sold, till=store.theirs)) == (404, "checkout_not_found")
    await store.lane.behave(online=False)
    assert refusal(await tip(store, sold, key="off")) == (503, "terminal_offline")
    await store.lane.behave(online=True)
    assert (await tip(store, sold, key="off")).status_code == 200
    assert refusal(await tip(store, sold, 90, key="off")) == (422, "idempotency_key_reused")
    assert await store.lane.charged_cents() == [1250]


async def test_a_sale_that_goes_back_pays_no_tip(store, sold):
    given = await store.ours.client.post(
        f"/v1/orders/{sold['id']}/refunds",
        json={"register_id": sold["register_id"], "reason": "broken"},
        headers={"Idempotency-Key": "back"},
    )

    assert given.status_code == 201, given.text
    assert refusal(await tip(store, sold)) == (409, "tip_not_adjustable")
