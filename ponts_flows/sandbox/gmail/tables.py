"""Gmail's tables. A message is stored once in each mailbox that holds it, its bytes in a table apart."""

from __future__ import annotations

SCHEMA = """
CREATE TABLE IF NOT EXISTS gmail_mailbox (
    number INTEGER PRIMARY KEY,
    address TEXT NOT NULL UNIQUE,
    history INTEGER NOT NULL,      -- the id of the last change
    forgotten INTEGER NOT NULL     -- changes up to this id can no longer be listed
);
CREATE TABLE IF NOT EXISTS gmail_send_as (
    mailbox INTEGER NOT NULL REFERENCES gmail_mailbox,
    address TEXT NOT NULL,
    settings TEXT NOT NULL,
    PRIMARY KEY (mailbox, address)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS gmail_label (
    mailbox INTEGER NOT NULL REFERENCES gmail_mailbox,
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    settings TEXT NOT NULL,
    PRIMARY KEY (mailbox, id)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS gmail_message (
    number INTEGER PRIMARY KEY,
    mailbox INTEGER NOT NULL REFERENCES gmail_mailbox,
    id TEXT NOT NULL,
    thread TEXT NOT NULL,
    date INTEGER NOT NULL,         -- internalDate: milliseconds
    history INTEGER NOT NULL,
    labels TEXT NOT NULL,          -- JSON list, in the order they were added
    hidden INTEGER NOT NULL,       -- in SPAM or TRASH
    message_id TEXT NOT NULL,      -- the Message-ID header, angle brackets included
    sender TEXT NOT NULL,
    recipients TEXT NOT NULL,
    subject TEXT NOT NULL,
    snippet TEXT NOT NULL,         -- plain, not yet escaped
    size INTEGER NOT NULL,
    attachments INTEGER NOT NULL
);
CREATE UNIQUE INDEX IF NOT EXISTS gmail_message_by_id ON gmail_message (mailbox, id);
CREATE INDEX IF NOT EXISTS gmail_message_by_thread ON gmail_message (mailbox, thread);
CREATE INDEX IF NOT EXISTS gmail_message_by_date ON gmail_message (mailbox, date);
CREATE INDEX IF NOT EXISTS gmail_message_by_message_id ON gmail_message (mailbox, message_id);
CREATE TABLE IF NOT EXISTS gmail_raw (message INTEGER PRIMARY KEY, raw BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS gmail_labelled (
    mailbox INTEGER NOT NULL,
    label TEXT NOT NULL,
    date INTEGER NOT NULL,
    message INTEGER NOT NULL,
    thread TEXT NOT NULL,
    PRIMARY KEY (mailbox, label, date, message)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS gmail_address (
    mailbox INTEGER NOT NULL,
    address TEXT NOT NULL,
    role TEXT NOT NULL,            -- from, to, cc, bcc, deliveredto, list
    message INTEGER NOT NULL,
    PRIMARY KEY (mailbox, address, role, message)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS gmail_address_by_message ON gmail_address (message);
CREATE TABLE IF NOT EXISTS gmail_draft (
    mailbox INTEGER NOT NULL,
    id TEXT NOT NULL,
    message INTEGER NOT NULL UNIQUE,
    PRIMARY KEY (mailbox, id)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS gmail_history (
    mailbox INTEGER NOT NULL,
    id INTEGER NOT NULL,
    at INTEGER NOT NULL,           -- milliseconds
    kind TEXT NOT NULL,            -- messageAdded, messageDeleted, labelAdded, labelRemoved
    message_id TEXT NOT NULL,
    thread TEXT NOT NULL,
    changed TEXT NOT NULL,         -- JSON list of labels
    labels TEXT NOT NULL,          -- JSON list: the message's labels afterwards
    PRIMARY KEY (mailbox, id, kind)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS gmail_history_by_time ON gmail_history (mailbox, at);
CREATE TABLE IF NOT EXISTS gmail_text_waiting (  -- what the next search adds to gmail_text
    message INTEGER PRIMARY KEY,
    box TEXT, subject TEXT, body TEXT, sender TEXT, sent_to TEXT, sent_cc TEXT, sent_bcc TEXT, files TEXT
);
CREATE VIRTUAL TABLE IF NOT EXISTS gmail_text USING fts5 (
    box, subject, body, sender, sent_to, sent_cc, sent_bcc, files, tokenize = "unicode61 remove_diacritics 2"
);
"""
