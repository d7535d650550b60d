"""The faults the simulator can rehearse, one row of a table each; importing this fills the table."""

from app.simulator.faults import (
    auth,
    behaviour,
    below_http,
    blocks,
    chat_chunks,
    counts,
    errors,
    framing,
    gate,
    http,
    labels,
    limits,
    model,
    model_list,
    order,
    repeats,
    routing,
    terminate,
    thinking,
    tools,
    usage,
)
from app.simulator.faults.registry import FAULTS, Fault, Stage, UnknownFaultError, list_faults, parse_faults, steps

TOPICS = (
    order,
    labels,
    blocks,
    chat_chunks,
    repeats,
    terminate,
    framing,
    http,
    tools,
    usage,
    counts,
    thinking,
    model,
    model_list,
    auth,
    errors,
    limits,
    model_list,
    behaviour,
    gate,
    routing,
    below_http,
)

__all__ = ["FAULTS", "TOPICS", "Fault", "Stage", "UnknownFaultError", "list_faults", "parse_faults", "steps"]
