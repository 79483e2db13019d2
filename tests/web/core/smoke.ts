// The same questions as answer.ts, in a real browser: window.smoke(edge cases, recipient, election) answers once.
import { type Bytes, hex, unhex } from "golos-app/bytes";
import * as ed25519 from "golos-app/ed25519";
import { blind } from "golos-app/blindrsa";
import { sealInner } from "golos-app/sealing";

async function smoke(cases: [string, string, string][], recipient: string, election: string, fallback: boolean) {
  if (fallback) ed25519.useFallback();
  const native = await ed25519.isNative();
  const verdicts = await Promise.all(cases.map((one) => ed25519.verify(...(one.map(unhex) as [Bytes, Bytes, Bytes]))));
  const key = await ed25519.SigningKey.of(new Uint8Array(32).fill(9));
  const sealed = await sealInner(unhex("c0ffee"), unhex(recipient), unhex(election), 256);
  const modulus = (1n << 2047n) + 12345n;
  const begun = performance.now();
  await blind({ n: modulus, e: 65537n }, unhex("00"), new Uint8Array(48), 3n);
  const blindMs = performance.now() - begun;
  const told = { public: hex(key.public_), signature: hex(await key.sign(unhex("61"))), sealed: hex(sealed) };
  return { native, verdicts, blindMs, ...told };
}

Object.assign(window, { smoke });
