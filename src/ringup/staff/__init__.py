"""People who work in the shop: checking who they are."""
