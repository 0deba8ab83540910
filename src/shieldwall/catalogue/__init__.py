"""Public figures of threats and defences, each with its unit, range, source and confidence."""
