"""Small widgets that know nothing of runs and endpoints."""
