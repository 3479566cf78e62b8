"""What identities look like: one recogniser a file, all of them Presidio recognisers."""
