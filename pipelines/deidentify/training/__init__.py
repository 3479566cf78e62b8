"""Trains the name model. Needs the training extra (torch); nothing at run time imports it."""
