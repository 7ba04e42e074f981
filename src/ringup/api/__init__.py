"""The HTTP door: parse, call one verb, render."""
