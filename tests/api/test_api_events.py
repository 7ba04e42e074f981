"""A checkout's story as server-sent events."""

import asyncio
import json


def read(text):
    """The events of a stream, each with its fields; comments are heartbeats."""
    blocks = [block for block in text.replace("\r\n", "\n").split("\n\n") if block and not block.startswith(":")]
    return [dict(line.split(": ", 1) for line in block.split("\n")) for block in blocks]


async def test_the_story_of_a_sale_is_told_to_its_end(store):
    sold = (await store.ours.sell(store.ours.retailer.cart())).json()

    response = await store.ours.client.get(f"/v1/checkouts/{sold['id']}/events")

    events = read(response.text)
    assert response.headers["content-type"].startswith("text/event-stream")
    assert [event["id"] for event in events] == [str(number) for number in range(1, len(events) + 1)]
    assert events[-1]["event"] == "completed"
    last = json.loads(events[-1]["data"])
    assert (last["status"], last["detail"]["total_minor"]) == ("completed", 1000)


async def test_who_follows_while_it_happens_sees_it_happen(store):
    await store.lane.behave(answer_delay_seconds=10)
    pending = await store.ours.sell(store.ours.retailer.cart(), Prefer="respond-async")

    async with asyncio.timeout(5):
        response = await store.ours.client.get(f"{pending.headers['location']}/events")

    names = [event["event"] for event in read(response.text)]
    assert names[0] == "payment_begun" and names[-1] == "completed"


async def test_who_comes_back_goes_on_after_the_last_event_seen(store):
    sold = (await store.ours.sell(store.ours.retailer.cart())).json()
    address = f"/v1/checkouts/{sold['id']}/events"
    everything = read((await store.ours.client.get(address)).text)

    rest = await store.ours.client.get(address, headers={"Last-Event-ID": "1"})
    nothing = await store.ours.client.get(address, headers={"Last-Event-ID": "9" * 10})
    nonsense = await store.ours.client.get(address, headers={"Last-Event-ID": "what?"})

    assert read(rest.text) == everything[1:]
    assert read(nothing.text) == []
    assert read(nonsense.text) == everything


async def test_the_story_of_a_declined_sale_ends_too(store):
    await store.lane.fault("decline")
    declined = (await store.ours.sell(store.ours.retailer.cart())).json()

    async with asyncio.timeout(5):
        response = await store.ours.client.get(f"/v1/checkouts/{declined['checkout_id']}/events")

    assert json.loads(read(response.text)[-1]["data"])["status"] == "payment_failed"
