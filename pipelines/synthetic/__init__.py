"""Invented team chats with a known truth, for the demo, the tests and the benchmarks."""
