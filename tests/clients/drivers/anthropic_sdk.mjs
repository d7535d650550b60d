// Drives @anthropic-ai/sdk: plain, by its stream() helper, and by raw iteration.
import Anthropic from "@anthropic-ai/sdk";
import { ABOUT, KEY, MODELS, QUESTION, SCHEMA, seen, serve } from "./common.mjs";

function ofMessage(message) {
  let text = "", reasoning = "";
  const calls = [];
  for (const block of message.content) {
    if (block.type === "text") text += block.text;
    else if (block.type === "thinking") reasoning += block.thinking;
    else if (block.type === "tool_use") calls.push([block.id, block.name, block.input]);
  }
  return seen(text, calls, message.stop_reason, message.usage?.input_tokens, message.usage?.output_tokens, message.model, reasoning);
}

async function ofEvents(events) {
  let text = "", stop, input, output, model;
  for await (const event of events) {
    if (event.type === "message_start") {
      ({ input_tokens: input, output_tokens: output } = event.message?.usage ?? {});
      model = event.message?.model;
    } else if (event.type === "content_block_delta" && event.delta.type === "text_delta") text += event.delta.text;
    else if (event.type === "message_delta") {
      stop = event.delta.stop_reason;
      output = event.usage?.output_tokens;
    }
  }
  return seen(text, null, stop, input, output, model);
}

await serve(async (job) => {
  const client = new Anthropic({ apiKey: KEY, baseURL: job.root + job.suffix });
  const ask = { model: MODELS[job.protocol], max_tokens: 4096, messages: [{ role: "user", content: QUESTION }] };
  if (job.kind === "tools") ask.tools = [{ name: "get_weather", description: ABOUT, input_schema: SCHEMA }];
  if (job.kind === "thinking") ask.thinking = { type: "enabled", budget_tokens: 1024 };
  if (job.way === "whole") return ofMessage(await client.messages.create(ask));
  if (job.way === "raw") return ofEvents(await client.messages.create({ ...ask, stream: true }));
  return ofMessage(await client.messages.stream(ask).finalMessage());
});
