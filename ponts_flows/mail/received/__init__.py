"""The mails that come in: taken apart, told by their kind, read as answers, and how far each is trusted."""
