"""The presentation: two names, two stopwatches, two answers and one sentence, for a room that doesn't code."""
