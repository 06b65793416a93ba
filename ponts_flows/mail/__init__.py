"""The mails as texts and bytes: composed, wrapped, signed, read. No service, no database, no clock."""
