// Drives LangChain's chat models for JavaScript: invoke() and stream().
import { ABOUT, KEY, MODELS, QUESTION, SCHEMA, seen, serve } from "./common.mjs";

const made = await import(process.env.CLIENT_PACKAGE);

function modelOf(job) {
  const base = job.root + job.suffix;
  const common = { model: MODELS[job.protocol], apiKey: KEY, maxTokens: 4096 };
  if (job.protocol === "anthropic-messages") {
    const thinking = job.kind === "thinking" ? { thinking: { type: "enabled", budget_tokens: 1024 } } : {};
    return new made.ChatAnthropic({ ...common, ...thinking, anthropicApiUrl: base });
  }
  return new made.ChatOpenAI({ ...common, configuration: { baseURL: base }, streamUsage: true, useResponsesApi: job.protocol === "openai-responses" });
}

function ofMessage(message) {
  const invalid = message.invalid_tool_calls ?? [];
  const calls = [...(message.tool_calls ?? []), ...invalid].map((call) => [call.id, call.name, call.args]);
  const said = { ...message.additional_kwargs, ...message.response_metadata };
  const usage = message.usage_metadata;
  const stop = said.stop_reason ?? said.finish_reason ?? said.status;
  const blocks = Array.isArray(message.content) ? message.content : [];
  const reasoning = blocks.map((block) => block.thinking ?? "").join("");
  return seen(message.text, calls, stop, usage?.input_tokens, usage?.output_tokens, said.model_name ?? said.model, reasoning);
}

await serve(async (job) => {
  let model = modelOf(job);
  const named = { name: "get_weather", description: ABOUT, parameters: SCHEMA };
  if (job.kind === "tools") model = model.bindTools([{ type: "function", function: named }]);
  if (job.way === "whole") return ofMessage(await model.invoke(QUESTION));
  let whole;
  for await (const chunk of await model.stream(QUESTION)) whole = whole === undefined ? chunk : whole.concat(chunk);
  return ofMessage(whole);
});
