// Drives the Vercel AI SDK with one of its providers: generateText and streamText.
import { generateText, jsonSchema, streamText, tool } from "ai";
import { ABOUT, KEY, MODELS, QUESTION, SCHEMA, errorFacts, seen, serve } from "./common.mjs";

const provider = process.env.CLIENT_PACKAGE;
const made = await import(provider);

function modelOf(job) {
  const base = { baseURL: job.root + job.suffix, apiKey: KEY };
  const name = MODELS[job.protocol];
  if (provider === "@ai-sdk/anthropic") return made.createAnthropic(base)(name);
  if (provider === "@ai-sdk/openai-compatible") return made.createOpenAICompatible({ ...base, name: "relay", includeUsage: true })(name);
  const openai = made.createOpenAI(base);
  return job.protocol === "openai-chat" ? openai.chat(name) : openai.responses(name);
}

const ofCall = (call) => [call.toolCallId, call.toolName, call.input];

async function streamed(ask) {
  let text = "", reasoning = "", stop, usage, error, model;
  const calls = [];
  for await (const part of streamText({ ...ask, onError: () => {} }).fullStream) {
    if (part.type === "text-delta") text += part.text;
    else if (part.type === "reasoning-delta") reasoning += part.text;
    else if (part.type === "tool-call") calls.push(ofCall(part));
    else if (part.type === "error") error ??= errorFacts(part.error);
    else if (part.type === "finish-step") model = part.response?.modelId;
    else if (part.type === "finish") ({ finishReason: stop, totalUsage: usage } = part);
  }
  return { ...seen(text, calls, stop, usage?.inputTokens, usage?.outputTokens, model, reasoning), error };
}

await serve(async (job) => {
  const ask = { model: modelOf(job), prompt: QUESTION, maxOutputTokens: 4096 };
  if (job.kind === "tools") ask.tools = { get_weather: tool({ description: ABOUT, inputSchema: jsonSchema(SCHEMA) }) };
  if (job.kind === "thinking") ask.providerOptions = { anthropic: { thinking: { type: "enabled", budgetTokens: 1024 } } };
  if (job.way !== "whole") return streamed(ask);
  const answer = await generateText(ask);
  const { inputTokens, outputTokens } = answer.totalUsage ?? answer.usage;
  return seen(answer.text, answer.toolCalls.map(ofCall), answer.finishReason, inputTokens, outputTokens, answer.response.modelId, answer.reasoningText);
});
