"""The pages: the register, the console, and in the demonstration the customer's side of a terminal."""
