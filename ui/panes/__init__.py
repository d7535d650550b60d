"""What a side shows: the pane and its views."""
