// Answer one question: the command is the argument, stdin and stdout are JSON, bytes are in hex.
import { readFileSync } from "node:fs";

export async function answer(commands) {
  const question = JSON.parse(readFileSync(0, "utf8"));
  for (const [name, value] of Object.entries(question)) {
    if (typeof value === "string") question[name] = Buffer.from(value, "hex");
  }
  const found = await commands[process.argv[2]](question);
  for (const name in found) found[name] = Buffer.from(found[name]).toString("hex");
  process.stdout.write(JSON.stringify(found));
}
