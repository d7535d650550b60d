"""What of the catalogue is proved where: by a row of this folder, by a protocol's own tests, or by a later check, and why."""

from __future__ import annotations

from app.simulator.faults import FAULTS

# PROTOCOLS 9, every id.
CATALOGUED = (
    *(f"A{number}" for number in range(1, 16)),
    *(f"C{number}" for number in range(1, 16)),
    *(f"R{number}" for number in range(1, 7)),
    *(f"U{number}" for number in range(1, 7)),
    *(f"H{number}" for number in range(1, 15)),
)

# id -> (why one exchange can't show it, or not all of it; which check will). Numbers of checks are those of PROTOCOLS 11.1.
LATER: dict[str, tuple[str, str]] = {
    "A12": (
        "That a signature is missing, empty or in the wrong place is found; a made-up one looks like any other.",
        "16: replay the thinking block, then with a signature that was tampered with; 400 is expected",
    ),
    "A13": (
        "Whether thinking is dropped or reordered on replay shows only in the next request's fate.",
        "16: a second turn with the thinking blocks in front of the tool result (A35 notes an odd order in one answer)",
    ),
    "R4": (
        "`previous_response_id` is about what an earlier response left behind.",
        "14: a second request that names the first and asks for what only the first said",
    ),
    "U2": (
        "In Messages a cache read inside input_tokens looks like a longer prompt; in OpenAI's protocols it is found.",
        "21: the same long prompt twice; the total of input must stay the same",
    ),
    "U4": ("Invented counts look like counts.", "5: the prompt doubled; the counts must follow"),
    "U5": (
        "Input far above a one-word prompt's can be a hidden system prompt, but one answer has no measure for it.",
        "5: a one-word prompt without tools; and side A against side B, which the comparison already says",
    ),
    "U6": ("Counting tokens is an endpoint of its own.", "20: count_tokens against the usage of the same request"),
    "H6": (
        "A wrong path is diagnosed from its 404 or page; that another one would work is not known.",
        "1: try the candidates of the base URL",
    ),
    "H8": (
        "A key that is refused is diagnosed; which header would be taken is not known from one refusal.",
        "2: Bearer, x-api-key, both",
    ),
    "H9": ("A good key is accepted everywhere.", "2: the same request with a key that can't be right"),
    "H10": (
        "A beta header that is refused is diagnosed; one that was stripped leaves no trace.",
        "27: a harmless beta whose effect can be seen",
    ),
    "H12": (
        "A 413 is diagnosed where it comes; what the limit is takes a large request.",
        "19: a body of 1.5 MB, and headers of 16 KB",
    ),
    "H13": (
        "An empty answer at a tiny limit is legal and raises nothing (LEGAL_ASKS); only a probe would take it for a failure.",
        "9: the probe itself must count it as success",
    ),
    "H14": (
        "That a stream was cut is found (A5, C8a, R2); that it is always cut after the same time takes several.",
        "7: long generations, their cuts compared by time",
    ),
}

# Knobs that checks are for, by the group in which they stand.
PARAMETERS, REWRITING, REFUSALS = (
    tuple(name for name, fault in FAULTS.items() if fault.group == group) for group in ("parameters", "rewriting", "refusals")
)
CONTEXT = tuple(name for name in FAULTS if name.startswith(("context_cut_", "context_lost_")))

# Knobs that one exchange can't show, in all of their protocols: each with the check that can.
UNSEEN_KNOBS: dict[str, str] = {
    "fake_signature": "16 (A12)",
    "signature_unchecked": "16 (A12)",
    "no_encrypted_content": "16: replay of the reasoning item; the field is not promised where it was not asked for",
    "ignore_previous_id": "14 (R4)",
    "thinking_uncounted": "7.2: the count is optional, and is missed beside an endpoint that gives it",
    "ignore_thinking": "7.2: a parameter's effect, against an endpoint that honours it",
    "ignore_system": "11",
    "trivial_blocked": "a check of the gate: the proof's requests say more than “hi”",
    "streams_502": "a check of kinds of requests: one that meets 502 may have met it by chance",
    "tools_502": "as streams_502",
    "effort_refused": "a check of parameters: the proof's requests set no effort",
    "effort_forced": "a check of the gate: reasoning that nobody asked for, against an endpoint that adds none",
    "ignore_stop": "10",
    "ignore_max_tokens": "9",
    "ignore_tools": "12",
    "ignore_tool_choice": "15",
    "ignore_tool_choice_any": "15",
    "eager_field_dropped": "a parameter's effect, against an endpoint that honours it",
    "eager_field_refused": "a check of fine-grained tool streaming: the proof's tools have no such field",
    "model_swapped": "a check of identity: the name is the one that was asked for",
    "null_content_refused": "a check of conversations: the proof sends no such message",
    "lenient": "17",
    "usage_invented": "5 (U4)",
    "usage_doubled_output": "5 (U4)",
    "hidden_prompt": "5 (U5)",
    "tool_prompt": "5 (U5)",
    "hidden_prompt_cached": "5 (U5), 21",
    "other_tokenizer": "5 (U4)",
    "count_multiplier": "5 (U4)",
    "output_inflated": "5 (U4)",
    "output_padded": "5 (U4)",
    "output_rounded": "5 (U4)",
    "output_equal": "5 (U4)",
    "cache_invented": "21",
    "cache_never_hits": "21",
    "account_rotation": "21, and 16",
    "other_account": "16: honest, but thinking that is tied to its account can't be replayed elsewhere",
    "strip_thinking": "16 (A13)",
    "retry_without_thinking": "16 (A13)",
    "beta_swallowed": "27 (H10)",
    "beta_field_dropped": "27 (H10)",
    "answers_mixed_up": "an answer to another request: the words of a session are known",
    "reply_cache": "the same request twice",
    "reply_cache_semantic": "two requests that differ in one word",
    "seed": "several of the same request",
    "sometimes": "several of the same request",
    "every": "several of the same request",
    "count_tokens_404": "20 (U6)",
    "count_tokens_wrong": "20 (U6)",
    "none_checked": "2 (H9)",
    "both_required": "2 (H8)",
    "both_rejected": "2 (H8): Diptych sends one header, unless the profile adds another",
    "key_required": "2 (H9): the proof's requests carry a key",
    "query_404": "28",
    "panel_html": "1 (H6): what is at an unknown path",
    "rate_exhausted": "25",
    "no_rate_headers": "25",
    "no_request_id": "a check of errors: nothing is wrong with the answer",
    "cancel_blocks": "a check of streaming: it takes a stream that is closed, and a request behind it",
    "retry_after": "25", "retry_after_date": "25", "retry_after_ms": "25", "retry_after_nonsense": "25",
    "should_retry_false": "25", "should_retry_true": "25",
    **dict.fromkeys(PARAMETERS, "7.2: with and without the parameter, on both endpoints"),
    **dict.fromkeys(REWRITING, "what is copied, in text, calls and results, held against the control's"),
    **dict.fromkeys(REFUSALS, "17, 18: requests that are wrong, and what a client makes of their refusals"),
    **dict.fromkeys(CONTEXT, "needles in a long text, and its count"),
    **dict.fromkeys(("drop_attachments", "attachments_made_up"), "24"),
    "usage_in_start": "8: counts known before the answer was written; legal by the shape of the response object",
}  # fmt: skip

# Knobs that change nothing that is wrong.
LEGAL_KNOBS = (
    *("split_bytes", "pad_spaces", "multi_data_lines", "id_lines", "unknown_event", "empty_choices_first"),
    *("whole_args", "redacted", "thinking_empty", "reasoning_content", "model_echo", "chunk_extensions", "one_byte_segments"),
    *("no_length", "informational_1xx", "delay_head_ms=20", "delay_first_ms=20", "delay_each_ms=1"),
    *("cr", "crlf", "nospace", "comments_every_ms=1"),
)
# Knobs whose answer is no answer: they must fail, with a cause and a fix.
FAILING_KNOBS = (
    *("rst_at_once", "close_at_once", "half_head", "cut_chunk", "rst", "not_http", "switching_101", "no_content_204"),
    *("one_client_only", "html_challenge", "stall_after_n", "silent", "silent_after_headers", "deep_nesting"),
)
# Knobs of size and of endless time: which limit ends them, and what they cost until then, is for the tests of limits.
HEAVY_KNOBS = (
    *("gzip_bomb", "long_line", "tiny_events", "endless_headers", "endless_body", "endless_comments", "slow_headers"),
)
# Knobs of the model list.
LIST_KNOBS = "models"

# Findings above a note on real exchanges with other providers (../shared/recordings): finding, recordings, why it is true.
EXPLAINED: tuple[tuple[str, str, str], ...] = (
    ("C16", "0156", "Together behind Hugging Face's router sends `role` in every delta."),
    ("C16", "0230 0239 0240 0241 0242 0245 0246 0272", "OpenRouter sends `role: assistant` in every delta."),
    ("C16", "0249 0254", "Snowflake sends the role again, in deltas behind the first."),
    ("C16", "0271", "Z.ai sends `role: assistant` in every delta."),
    ("C23", "0181", "Cloudflare's worker echoes the request as JSON: no choices, so no answer."),
    ("C23", "0193", "The same worker, as lines of text."),
    ("F10", "0193", "The body is `method=POST pathname=…` as text, with status 200."),
    ("C25", "0147 0150", "Groq begins with 200, then sends an error: a tool call failed its validation, or none came."),
    ("C25", "0239", "OpenRouter reports `Token limit reached` inside the choice of a stream that began with 200."),
    ("C31", "0080 0166 0167", "Mistral's reasoning models answer with `content` as a list of thinking and text parts."),
    ("C19a", "0247 0248 0249 0250 0252 0253 0254 0255 0256", "Snowflake's answers have an empty id."),
    ("C47", "0245", "OpenRouter sends `annotations` in several chunks, their entries without an index."),
    ("C5a", "0179", "Gemini's OpenAI layer leaves the call's id empty."),
    ("C8a", "0249 0254", "Snowflake's chunks all have `finish_reason: \"\"` or none; `[DONE]` comes without a reason."),
    ("C8c", "0247 0248 0250 0252 0253 0255 0256", "Snowflake's whole answers have an empty finish_reason."),
    ("G1", "0076 0143", "Groq's DeepSeek and Qwen models put their reasoning into the text, between <think> tags."),
    ("G1", "0153 0154 0155 0156 0158 0159 0161", "DeepSeek R1 behind Hugging Face's router, likewise."),
    ("G4", "0251", "Snowflake's answer has an empty model."),
)  # fmt: skip
