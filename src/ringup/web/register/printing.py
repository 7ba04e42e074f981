"""Printing: a page that is whole in itself is loaded out of sight, and the browser asked to print it."""

import json

from nicegui import ui


def print_page(address: str, title: str) -> None:
    """`address` is one of our own, made of ids and numbers only."""
    ui.run_javascript(
        f"const frame = Object.assign(document.createElement('iframe'), {{title: {json.dumps(title)}}});"
        "frame.style.cssText = 'position:fixed;width:0;height:0;border:0;visibility:hidden';"
        "frame.onload = () => { frame.contentWindow.print(); };"
        f"frame.src = {json.dumps(address)};"
        "document.body.append(frame);"
    )
