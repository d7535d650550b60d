"""What a difference means, as whole sentences. Facts decide (`Difference.reason`), words only say."""

from __future__ import annotations

from app.text.sentences import message

MEANINGS: dict[str, str] = {
    # kept
    "same": message("It arrived as it was sent."),
    "same_elsewhere": message("It arrived under the name that {target} has for it."),
    "joined": message("It arrived whole, joined with other text."),
    "approximate": message("{target} says it in another way: {arrived}."),
    "default_left_out": message("It was left out, and is what {target} does anyway."),
    "default_added": message("It was added, and is what {target} does anyway."),
    "model_name": message("The relay asks for the model by another name, as its settings have it."),
    # can't be kept
    "no_field": message("{target} has no field for it."),
    "caches_alone": message("{target} caches by itself and has no field for it."),
    "no_error_flag": message("{target} has no flag for a failed call: the words of the result have to say it."),
    "always_counts": message("{target} counts tokens in its streams without being asked."),
    "no_thinking": message("{target} has no place for earlier thinking."),
    "others_thinking": message("Earlier thinking of one vendor is of no use to another."),
    "header_of_other": message("The header belongs to {source}, and {target} is asked."),
    # added, with a reason
    "needed_for_counts": message("Added so that the stream counts its tokens."),
    "needed_not_stored": message("Added: whether {target} keeps the answer."),
    "needed_for_reasoning": message("Added so that reasoning comes back in a form that can be sent again."),
    "needed_limit": message("{target} must have a limit, and the relay chose it: longer answers are cut there."),
    "thinking_field": message("It stands in a field that is no part of {target}, but that many servers read."),
    # losses
    "text_dropped": message("The words did not arrive: the model never reads them."),
    "image_dropped": message("The picture did not arrive: the model answers without having seen it."),
    "document_dropped": message("The document did not arrive: the model answers without having read it."),
    "call_dropped": message("The call did not arrive: the model does not know that it asked for it."),
    "result_dropped": message("The result did not arrive: the model may ask for it again."),
    "thinking_dropped": message("The thinking did not arrive, though {target} has a place for it."),
    "as_words": message(
        "It arrived as words among other text, no longer as {what:select text=text|image=an image|document=a document|"
        "call=a tool call|result=a tool result|thinking=thinking}."
    ),
    "other_kind": message(
        "It arrived as another kind of part, {arrived_what:select text=text|image=an image|document=a document|"
        "call=a tool call|result=a tool result|thinking=thinking}."
    ),
    "document_as_words": message("The words of the document arrived among other text."),
    "other_role": message(
        "It arrived as the words of the {arrived_role:select system=system|user=user|assistant=assistant|tool=tool};"
        " it was sent as those of the {sent_role:select system=system|user=user|assistant=assistant|tool=tool}."
    ),
    "out_of_result": message(
        "It arrived outside of the tool's result, as the words of the {arrived_role:select system=system|user=user|"
        "assistant=assistant|tool=tool}."
    ),
    "value_changed": message("It arrived changed."),
    "emptied": message("It arrived empty."),
    "arguments_changed": message("The call arrived with other arguments."),
    "foreign_signature": message("It holds a signature or encrypted thinking of another vendor, which {target} refuses."),
    "moved": message("It stands elsewhere in the conversation than it was sent."),
    "call_unanswered": message("The result names another call than the one that arrived."),
    "setting_dropped": message("It did not arrive, though {target} has a field for it."),
    "field_dropped": message("It did not arrive, though the relay asks in the same protocol."),
    "setting_changed": message("It arrived with another value."),
    "passed_raw": message("It was passed on as it is, and {target} has no such field: official endpoints refuse it."),
    "invented": message("It was not sent: the relay added it."),
    "words_invented": message("These words were not sent: the relay added them."),
    "part_invented": message("It was not sent: the relay added it."),
    "tool_dropped": message("The tool did not arrive: the model can't call it."),
    "server_tool_as_function": message("The vendor's own tool arrived as a function that nobody runs."),
    "server_tool_run_by_relay": message("The vendor's own tool arrived as a function, which the relay itself runs."),
    "tool_invented": message("The tool was not on offer: the relay added it."),
    "tool_changed": message("The tool's {member:select description=description|schema=schema} arrived changed."),
    "asked_unstreamed": message(
        "A stream was wanted, and the upstream is asked without one: what the client reads is made up."
    ),
    "asked_streamed": message("No stream was wanted, and the upstream is asked for one: the relay collects it."),
    # headers
    "header_dropped": message("The header did not arrive."),
    "header_changed": message("The header arrived with another value."),
    "header_added_to": message("The header arrived, and the relay added to it."),
    "header_invented": message("The relay sends a header of its own."),
    "other_agent": message("The upstream sees the relay's client, not yours."),
    "key_passed": message("The key that was sent to the relay was passed on."),
    "own_key": message("The relay uses a key of its own, as its settings have it."),
    "no_key": message("No key arrived: an endpoint that needs one refuses."),
    # the answer on its way back
    "same_answer": message("It came out as the upstream said it."),
    "answer_text_changed": message("The words of the answer came out changed."),
    "answer_text_dropped": message("The words of the answer did not come out."),
    "answer_text_invented": message("The upstream said no words: the relay made them up."),
    "answer_calls_changed": message("The calls came out changed."),
    "answer_calls_dropped": message("The calls did not come out: a program waits for them in vain."),
    "answer_calls_invented": message("The upstream called nothing: the relay made the calls up."),
    "answer_thinking_changed": message("The thinking came out changed."),
    "answer_thinking_dropped": message("The thinking did not come out."),
    "answer_thinking_invented": message("The upstream showed no thinking: the relay made it up."),
    "answer_signature_changed": message("The signature came out changed: the thinking can't be sent back."),
    "answer_signature_dropped": message("The signature did not come out: the thinking can't be sent back."),
    "answer_signature_invented": message("The upstream signed nothing."),
    "answer_blocks_invented": message("Blocks came out that the upstream did not send: {arrived}."),
    "answer_end_same": message("It ended for the same reason."),
    "answer_end_unsayable": message("{target} has no word for this end."),
    "answer_end_changed": message("The answer ended for another reason than your program is told."),
    "answer_end_dropped": message(
        "Why the answer ended did not come out: a program can't tell a whole one from one that was cut."
    ),
    "answer_usage_dropped": message("The counts of tokens did not come out."),
    "answer_count_changed": message("The count came out changed."),
    "answer_count_dropped": message("The count did not come out."),
    "answer_count_invented": message("The upstream did not count it: the relay did."),
    "answer_model_asked": message("The answer names the model that was asked for, not the one that answered."),
    "answer_model_other": message("The answer names another model than the upstream does."),
    "answer_id": message("The relay gives the answer an id of its own."),
    "answer_broken": message("The upstream answered, and what came out is no whole answer."),
    "answer_error_hidden": message("The upstream failed, and what came out looks like a whole answer."),
    "answer_status_same": message("The status came out as it was."),
    "answer_status_changed": message("The status came out changed: clients decide by it whether to ask again."),
    "answer_error_dropped": message("What the upstream says of its error did not come out."),
    "answer_error_quoted": message("What the upstream says of its error is quoted."),
    "answer_error_changed": message("The error came out in other words."),
    "answer_retry_changed": message("When to ask again came out changed."),
    "answer_retry_dropped": message("When to ask again did not come out: clients guess."),
    "flow_per_event": message("Each event came out as it went in, the first {first_ms:milliseconds} later."),
    "flow_bursts": message("The stream came out in {arrived} pieces; it went in as {sent}."),
    "flow_collected": message("The stream was held back and came out at once, {first_ms:milliseconds} after it had begun."),
    "flow_first_held": message(
        "The beginning was held back for {first_ms:milliseconds}; then each event came out as it went in."
    ),
    "flow_made_up": message(
        "The upstream was asked without a stream: the one that came out was made up from the whole answer."
    ),
    "flow_no_stream": message("A stream was wanted, and a document came."),
    # the whole
    "other_protocol": message("The relay asks in {arrived}."),
    "nothing_arrived": message("Nothing arrived: the relay answered by itself, or refused."),
    "no_answer": message("Nothing arrived, and no answer came: the relay could not be reached, or took too long."),
    "sent_again": message("The relay sent it {times} times: each one is paid for, and the wait adds up."),
    "sent_again_elsewhere": message("The relay asked {times} times, and not each time the same."),
    "not_json": message("What arrived is no JSON object."),
    "upstream_refuses": message("The official endpoint refuses what arrived: {arrived}"),
}
