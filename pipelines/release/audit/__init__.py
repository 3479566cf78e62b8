"""The attack a release must survive, made by us first, from its published files."""
