"""A run played again on the Compare page: what plays it, and the row with its slider."""
