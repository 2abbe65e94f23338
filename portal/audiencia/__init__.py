"""How much the site is read, without knowing by whom.

A page that anybody may read, once answered, adds one in the memory of its process; every minute what was
added goes to the table of totals by day. No cookie is set, and no address, browser nor origin is kept.
"""
