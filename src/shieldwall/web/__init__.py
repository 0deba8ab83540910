"""The server behind `shieldwall view`: runs and raids as JSON, jobs, exercises, the page in one file."""
