"""What the name model and the risk model share: loading, batching, and remembering."""
