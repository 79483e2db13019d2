// A token (docs/formats.md, "Token"; RFC 9578 type 0x0002), obtained and checked with @cloudflare/blindrsa-ts.
import { createHash, createPublicKey, webcrypto } from "node:crypto";

import { RSABSSA } from "@cloudflare/blindrsa-ts";

import { answer } from "./answer.mjs";

const TYPE = Buffer.from([0, 2]);
const SIGNED = 98;
const RSA_PUBLIC_KEY = 270; // bytes of RSA-2048 with e = 65537 as PKCS #1, the end of its SubjectPublicKeyInfo
const PSS = { name: "RSA-PSS", hash: "SHA-384" };
const suite = RSABSSA.SHA384.PSS.Deterministic();

const sha256 = (data) => createHash("sha256").update(data).digest();

// WebCrypto takes no SubjectPublicKeyInfo with id-RSASSA-PSS, so the key goes in as a JWK.
async function publicKey(cohort) {
  const key = createPublicKey({ key: cohort.subarray(-RSA_PUBLIC_KEY), format: "der", type: "pkcs1" });
  return webcrypto.subtle.importKey("jwk", key.export({ format: "jwk" }), PSS, true, ["verify"]);
}

function challenge(issuer, election) {
  const lengths = [Buffer.of(issuer.length >> 8, issuer.length & 255), Buffer.of(election.length), Buffer.of(0, 0)];
  return Buffer.concat([TYPE, lengths[0], issuer, lengths[1], election, lengths[2]]);
}

async function request({ cohort, issuer, election, nonce }) {
  const unsigned = Buffer.concat([TYPE, nonce, sha256(challenge(issuer, election)), sha256(cohort)]);
  const { blindedMsg, inv } = await suite.blind(await publicKey(cohort), suite.prepare(unsigned));
  return { request: Buffer.concat([TYPE, sha256(cohort).subarray(-1), blindedMsg]), unsigned, inverse: inv };
}

async function finish({ cohort, unsigned, inverse, response }) {
  const signature = await suite.finalize(await publicKey(cohort), unsigned, response, inverse);
  return { token: Buffer.concat([unsigned, signature]) };
}

async function verify({ cohort, token }) {
  const [unsigned, signature] = [token.subarray(0, SIGNED), token.subarray(SIGNED)];
  return { valid: Buffer.of(await suite.verify(await publicKey(cohort), signature, unsigned)) };
}

async function sign({ key, blinded }) {
  const secret = await webcrypto.subtle.importKey("pkcs8", key, PSS, true, ["sign"]);
  return { response: await suite.blindSign(secret, blinded) };
}

await answer({ request, finish, verify, sign });
