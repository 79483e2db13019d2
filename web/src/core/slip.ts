/** Slip: the nine digits that a voter lays beside the ballot (docs/formats.md, "Code beside the ballot"). */

import { type Bytes, sha256, toBig, utf8 } from "./bytes";

const LABEL = utf8("golos/photo-code/v1\n");
const AUTHENTICATOR = 256;
const DIGITS = 8;

export async function slipCode(token: Bytes, election: Bytes): Promise<string> {
  const digest = await sha256(LABEL, election, token.slice(-AUTHENTICATOR));
  const body = String(toBig(digest.slice(0, 16)) % 10n ** BigInt(DIGITS)).padStart(DIGITS, "0");
  return body + checkDigit(body);
}

/** ISO 7064 MOD 11,10: it finds every single wrong digit. */
function checkDigit(body: string): string {
  let product = 10;
  for (const digit of body) product = (2 * ((product + Number(digit)) % 10 || 10)) % 11;
  return String((11 - product) % 10);
}
