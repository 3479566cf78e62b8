"""What the risk model is measured on, and the named peer beside it."""
