"""One replication as tracks, shots and ends, and the files that other tools read."""
