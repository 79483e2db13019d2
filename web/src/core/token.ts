/** Token (RFC 9578, type 0x0002; docs/formats.md, "Token"): its nonce is the ballot's public key. */

import { type RsaKey, blind, finalize } from "./blindrsa";
import { type Bytes, concat, equal, number, sha256, toBig, unhex, utf8 } from "./bytes";
import { CoreProblem } from "./types";

export const TOKEN_LENGTH = 354;
const TYPE = Uint8Array.of(0, 2);
const DER_HEAD = unhex(
  "30820152303d06092a864886f70d01010a3030a00d300b0609608648016503040202a11a301806092a864886f70d010108300b0609" +
    "608648016503040202a2030201300382010f003082010a0282010100",
);
const DER_TAIL = unhex("0203010001");

/** What the device keeps between request and response; whoever has it can link the two. */
export interface Pending {
  readonly cohort: Bytes;
  readonly unsigned: Bytes;
  readonly inverse: bigint;
}

/** The RSA key of a cohort's DER. @throws cohort.key */
export function publicKey(der: Bytes): RsaKey {
  const modulus = der.slice(DER_HEAD.length, DER_HEAD.length + 256);
  const n = toBig(modulus);
  if (!equal(concat(DER_HEAD, modulus, DER_TAIL), der) || !(modulus[0]! & 128) || !(n & 1n))
    throw new CoreProblem("cohort.key", "cohort", "is no RSA-2048 key as RFC 9578 has it");
  return { n, e: 65537n };
}

/** The digest of the TokenChallenge (RFC 9577 section 2.1.1). */
export function challengeDigest(issuer: string, election: Bytes, origin = ""): Promise<Bytes> {
  const [name, context, at] = [utf8(issuer), election, utf8(origin)];
  return sha256(TYPE, number(name.length, 2), name, number(context.length, 1), context, number(at.length, 2), at);
}

/** Return the TokenRequest under the cohort's key, and what it takes to finish. Salt and factor are given by vectors alone. */
export async function begin(
  der: Bytes,
  challenge: Bytes,
  nonce: Bytes,
  salt?: Bytes,
  factor?: bigint,
): Promise<[Bytes, Pending]> {
  const id = await sha256(der);
  const unsigned = concat(TYPE, nonce, challenge, id);
  const [blinded, inverse] = await blind(publicKey(der), unsigned, salt, factor);
  return [concat(TYPE, id.slice(-1), blinded), { cohort: der, unsigned, inverse }];
}

/** Return the token of the issuer's answer. @throws token.response */
export async function finish(pending: Pending, response: Bytes): Promise<Bytes> {
  const signature = await finalize(publicKey(pending.cohort), pending.unsigned, response, pending.inverse);
  return concat(pending.unsigned, signature);
}

/** The issuer's key that a token names. */
export const tokenKeyId = (token: Bytes): Bytes => token.slice(66, 98);
