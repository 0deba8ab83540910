"""What a run left behind: rows, events, tables on disk, summaries with uncertainty."""
