"""People played in a rehearsal: coordinators at their spreadsheet, participants at their mailbox and forms.

They use the sandbox's own pages, as people do, and know nothing of the ledger but which mail has just reached them.
"""

from ponts_flows.players.coordinator import Coordinator, Year
from ponts_flows.players.habits import Habit, habit_of
from ponts_flows.players.pages import Pages
from ponts_flows.players.participants import Asked, Participants, by_path
from ponts_flows.players.signups import SignUps
from ponts_flows.players.treasurer import Treasurer

__all__ = [
    "Asked",
    "Coordinator",
    "Habit",
    "Pages",
    "Participants",
    "SignUps",
    "Treasurer",
    "Year",
    "by_path",
    "habit_of",
]
