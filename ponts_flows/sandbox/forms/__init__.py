"""Forms v1: the forms, their responses, and the pages on which people answer."""

from ponts_flows.sandbox.forms import api, watches
from ponts_flows.sandbox.forms.data import SCHEMA
from ponts_flows.sandbox.forms.pages import pages

__all__ = ["SCHEMA", "api", "pages", "watches"]
