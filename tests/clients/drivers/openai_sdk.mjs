// Drives the openai package of npm, Chat Completions and Responses: plain, by its stream() helpers, and by raw iteration.
import OpenAI from "openai";
import { ABOUT, KEY, MODELS, QUESTION, SCHEMA, seen, serve } from "./common.mjs";

function ofCompletion(answer) {
  const { message, finish_reason } = answer.choices[0];
  const calls = (message.tool_calls ?? []).map((one) => [one.id, one.function.name, one.function.arguments]);
  return seen(message.content ?? "", calls, finish_reason, answer.usage?.prompt_tokens, answer.usage?.completion_tokens, answer.model);
}

async function ofChunks(chunks) {
  let text = "", stop, usage, model;
  for await (const chunk of chunks) {
    model ||= chunk.model;
    const choice = chunk.choices[0];
    text += choice?.delta?.content ?? "";
    stop = choice?.finish_reason ?? stop;
    usage = chunk.usage ?? usage;
  }
  return seen(text, null, stop, usage?.prompt_tokens, usage?.completion_tokens, model);
}

async function chat(client, job) {
  const ask = { model: MODELS[job.protocol], messages: [{ role: "user", content: QUESTION }] };
  const named = { name: "get_weather", description: ABOUT, parameters: SCHEMA };
  if (job.kind === "tools") ask.tools = [{ type: "function", function: named }];
  const completions = client.chat.completions;
  if (job.way === "whole") return ofCompletion(await completions.create(ask));
  ask.stream_options = { include_usage: true };
  if (job.way === "raw") return ofChunks(await completions.create({ ...ask, stream: true }));
  return ofCompletion(await completions.stream(ask).finalChatCompletion());
}

function ofResponse(answer) {
  const calls = answer.output.filter((one) => one.type === "function_call").map((one) => [one.call_id, one.name, one.arguments]);
  return seen(answer.output_text, calls, answer.status, answer.usage?.input_tokens, answer.usage?.output_tokens, answer.model);
}

async function ofEvents(events) {
  let text = "", last;
  for await (const event of events) {
    if (event.type === "response.output_text.delta") text += event.delta;
    else if (["response.completed", "response.incomplete", "response.failed"].includes(event.type)) last = event.response;
  }
  return seen(text, null, last?.status, last?.usage?.input_tokens, last?.usage?.output_tokens, last?.model);
}

async function responses(client, job) {
  const ask = { model: MODELS[job.protocol], input: QUESTION };
  const named = { type: "function", name: "get_weather", description: ABOUT, parameters: SCHEMA, strict: false };
  if (job.kind === "tools") ask.tools = [named];
  if (job.way === "whole") return ofResponse(await client.responses.create(ask));
  if (job.way === "raw") return ofEvents(await client.responses.create({ ...ask, stream: true }));
  return ofResponse(await client.responses.stream(ask).finalResponse());
}

await serve((job) => {
  const client = new OpenAI({ apiKey: KEY, baseURL: job.root + job.suffix });
  return job.protocol === "openai-chat" ? chat(client, job) : responses(client, job);
});
