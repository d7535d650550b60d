"""When an endpoint that refused can be asked again: from headers, from the error's fields, from its words."""
