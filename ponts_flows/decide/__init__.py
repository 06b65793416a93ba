"""The rules of the programme: pure functions from facts and a date to actions. No service, no database, no clock."""
