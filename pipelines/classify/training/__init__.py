"""Trains the risk model. Needs the training extra (torch); nothing at run time imports it."""
