"""The programme as people live it: forms, the board, mailboxes, and passes in between."""
