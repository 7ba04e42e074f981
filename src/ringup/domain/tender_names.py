"""Ways of paying as papers call them: receipts, and the reports of a shift."""

TENDER_NAMES = {
    "cash": "Cash",
    "card": "Card",
    "gift_card": "Gift card",
    "store_credit": "Store credit",
    "external": "Taken elsewhere",
}
