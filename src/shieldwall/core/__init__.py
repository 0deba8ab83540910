"""What has nothing to do with defence: units, geodesy, random numbers, events, errors."""
