"""The engine: geometry once, then the loop, the only place that knows the order of the stages."""
