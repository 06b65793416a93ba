"""The coordinators' board as plain data: tabs and columns, words, what was read, what to change."""
