"""What training both models shares. Needs the training extra (torch); nothing at run time does."""
