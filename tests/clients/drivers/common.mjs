// What all JavaScript drivers share: see common.py. Waits before another try are noted and not waited, and random() is 0.
import { createInterface } from "node:readline";
import { writeSync } from "node:fs";

export const KEY = "sk-clients-0123456789abcdef0123456789abcdef";
export const QUESTION = "What is the weather in Paris and Tokyo?";
export const SCHEMA = { type: "object", properties: { city: { type: "string" } }, required: ["city"] };
export const ABOUT = "The current weather in a city.";
export const MODELS = { "anthropic-messages": "claude-sonnet-4-6", "openai-chat": "gpt-5.5", "openai-responses": "gpt-5.5" };

const SHORTEST_WAIT_MS = 50;
// A timer of these is a wait before another try; any other is a time limit, which must not run out at once.
const WAITS = /sleep|delay|retry|async_caller/i;
let waits = [];
const timer = globalThis.setTimeout;
globalThis.setTimeout = (callback, ms, ...rest) => {
  if (ms >= SHORTEST_WAIT_MS && WAITS.test(new Error().stack.split("\n").slice(2, 6).join("\n"))) {
    waits.push(ms / 1000);
    ms = 0;
  }
  return timer(callback, ms, ...rest);
};
Math.random = () => 0;
for (const name of ["log", "info", "warn", "error", "debug"]) console[name] = () => {};
process.on("unhandledRejection", () => {});

export function seen(text, calls, stop, input, output, model, reasoning) {
  return { text, calls, stop, input, output, model, reasoning };
}

export function errorFacts(error) {
  const name = error?.constructor?.name === "Object" ? "object" : (error?.name !== "Error" && error?.name) || error?.constructor?.name;
  const status = error?.status ?? error?.statusCode;
  return { class: String(name ?? typeof error), status: Number.isInteger(status) ? status : null, message: String(error?.message ?? error).slice(0, 300) };
}

export async function serve(play) {
  for await (const line of createInterface({ input: process.stdin })) {
    waits = [];
    let result;
    try {
      result = await play(JSON.parse(line));
    } catch (error) {
      result = { error: errorFacts(error) };
    }
    writeSync(1, JSON.stringify({ ...result, waits }) + "\n");
  }
}
