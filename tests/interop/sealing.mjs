// Golos' sealed form (docs/formats.md, "Sealing"), made and opened by @hpke/core.
import { createHash } from "node:crypto";

import { Aes256Gcm, CipherSuite, DhkemX25519HkdfSha256, HkdfSha256 } from "@hpke/core";

import { answer } from "./answer.mjs";

const HEADER = 9;
const ENC = 32;
const suite = new CipherSuite({ kem: new DhkemX25519HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes256Gcm() });

function header(recipient) {
  return Buffer.concat([Buffer.of(1), createHash("sha256").update(recipient).digest().subarray(0, 8)]);
}

async function seal({ content, recipient, label, election, padded }) {
  const head = header(recipient);
  const plaintext = Buffer.alloc(padded);
  content.copy(plaintext);
  plaintext[content.length] = 0x80;
  const key = await suite.kem.deserializePublicKey(Uint8Array.from(recipient));
  const info = Uint8Array.from(Buffer.concat([label, election, head]));
  const { enc, ct } = await suite.seal({ recipientPublicKey: key, info }, Uint8Array.from(plaintext));
  return { sealed: Buffer.concat([head, Buffer.from(enc), Buffer.from(ct)]) };
}

async function open({ sealed, secret, recipient, label, election }) {
  const head = sealed.subarray(0, HEADER);
  if (!head.equals(header(recipient))) throw new Error("sealed to another key");
  const info = Uint8Array.from(Buffer.concat([label, election, head]));
  const recipientKey = await suite.kem.deserializePrivateKey(Uint8Array.from(secret));
  const enc = Uint8Array.from(sealed.subarray(HEADER, HEADER + ENC));
  const ciphertext = Uint8Array.from(sealed.subarray(HEADER + ENC));
  return { padded: await suite.open({ recipientKey, enc, info }, ciphertext) };
}

await answer({ seal, open });
