"""What an engaged pair needs next, read off the timetable, from facts in whatever order they came."""

from ponts_flows.decide.engagement.answered import said
from ponts_flows.decide.engagement.follow import follow
from ponts_flows.decide.engagement.life import Life

__all__ = ["Life", "follow", "said"]
