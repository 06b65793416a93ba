"""The commands of `ponts`, by what they are for; each module adds its own to the parser.

They import what they run when they run it: `ponts --help` should not wait for a database's library.
"""

from ponts_flows.commands import health, keeping, person, programme, reading, sandbox, trying

ALL = (programme, health, reading, person, keeping, trying, sandbox)
