"""What the author of a reply wrote, without what it quotes, what a client adds, or how it is signed."""
