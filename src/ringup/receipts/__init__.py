"""Receipts: what a sale says on paper, on a screen and in a mail. One content, three forms."""
