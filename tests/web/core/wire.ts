// The wire to the tests: one JSON array a line, command and arguments; the answer is a line too. Bytes are {hex}.
import { createInterface } from "node:readline";

import { hex, unhex } from "golos-app/bytes";

export type Commands = Readonly<Record<string, (...given: any[]) => unknown>>;

/** Answer every line in its order, until there are no more. */
export async function answerAll(commands: Commands): Promise<void> {
  for await (const line of createInterface({ input: process.stdin })) {
    const [command, ...given] = read(JSON.parse(line));
    process.stdout.write(`${JSON.stringify(await answer(() => commands[command]!(...given)))}\n`);
  }
}

async function answer(work: () => unknown): Promise<readonly [string, unknown]> {
  try {
    return ["answer", spelt(await work())];
  } catch (error: any) {
    return ["refused", error.code ?? `${error.name}: ${error.message} ${error.stack}`];
  }
}

const isTable = (value: any): boolean => value !== null && typeof value === "object";
const mapped = (value: object, each: (one: any) => any): object =>
  Array.isArray(value) ? value.map(each) : Object.fromEntries(Object.entries(value).map(([key, one]) => [key, each(one)]));

const read = (value: any): any =>
  !isTable(value) ? value : typeof value.hex === "string" ? unhex(value.hex) : mapped(value, read);
const spelt = (value: any): any =>
  value instanceof Uint8Array ? { hex: hex(value) } : isTable(value) ? mapped(value, spelt) : (value ?? null);
