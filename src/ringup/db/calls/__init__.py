"""One Python function for each SQL function that others call: the same name, the same arguments.

Nothing else in the project calls them. Each call is one transaction, committed when
it returns, and none opens a longer one: nothing can hold a lock across the network.
"""
