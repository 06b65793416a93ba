"""What goes wrong on purpose: at the services, on the line to them, and by people's hands meanwhile.

A plan (`plan.py`, read from YAML or JSON by `reading.py`) is a list of rules: which calls, when, what happens.
While no plan is on, a call pays one comparison for all this.
"""
