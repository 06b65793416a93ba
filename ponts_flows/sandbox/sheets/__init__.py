"""Google Sheets v4: a spreadsheet's data and rules, the methods of the API over them, and the pages.

`book` holds a spreadsheet and keeps it; `person` is what somebody at the keyboard may do.
"""

from ponts_flows.sandbox.sheets import api_spreadsheets, api_values
from ponts_flows.sandbox.sheets.pages import pages
from ponts_flows.sandbox.sheets.storage import SCHEMA

__all__ = ["SCHEMA", "api_spreadsheets", "api_values", "pages"]
