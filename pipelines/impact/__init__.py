"""What followed training: a staggered comparison of trained forces with those not yet trained."""
