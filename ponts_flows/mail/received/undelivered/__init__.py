"""What did not arrive: whom a notice is about, how grave it is, and what it returns of ours."""
