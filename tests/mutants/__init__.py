"""What no test notices: rows, rules and limits are broken one at a time, and those that stay unseen are listed."""
