"""Forms for one endpoint and what they know without a widget: advice, pasted commands, the test."""
