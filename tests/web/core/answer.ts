// Answers the tests' questions with the app's own code.
import { base45, unbase45 } from "golos-app/base45";
import * as rsa from "golos-app/blindrsa";
import { type Bytes, hex, sha256, toBig } from "golos-app/bytes";
import { decode, encode } from "golos-app/cbor";
import * as ed25519 from "golos-app/ed25519";
import { isTooLarge } from "golos-app/item";
import * as merkle from "golos-app/merkle";
import { openNote, parseNote, parseVerifier } from "golos-app/note";
import { encodeReceipt, parseReceipt, policyOf, verifyReceipt } from "golos-app/receipt";
import * as record from "golos-app/record";
import * as sealing from "golos-app/sealing";
import { slipCode } from "golos-app/slip";
import * as token from "golos-app/token";
import { words } from "golos-app/words";

import { type Commands, answerAll } from "./wire";

const credential = async (election: Bytes, seed: Bytes, tokenBytes: Bytes) => ({
  election,
  key: await ed25519.SigningKey.of(seed),
  token: tokenBytes,
});
const rsaKey = (n: Bytes, e: Bytes) => ({ n: toBig(n), e: toBig(e) });
const nodes = (leaves: Bytes[]): merkle.Node => {
  const node: merkle.Node = async (level, index) =>
    level ? merkle.nodeHash(await node(level - 1, 2 * index), await node(level - 1, 2 * index + 1)) : leaves[index]!;
  return node;
};
let pending: token.Pending;

const commands: Commands = {
  fallback: () => ed25519.useFallback(),
  native: () => ed25519.isNative(),
  verify: ed25519.verify,
  verifyAll: (cases: [Bytes, Bytes, Bytes][]) => Promise.all(cases.map((one) => ed25519.verify(...one))),
  public: async (seed) => (await ed25519.SigningKey.of(seed)).public_,
  sign: async (seed, message) => (await ed25519.SigningKey.of(seed)).sign(message),
  cbor: (value) => encode(value),
  uncbor: (data) => decode(data),
  base45: (data) => base45(data),
  unbase45: (spelt) => unbase45(spelt),
  encodePss: rsa.encodePss,
  blind: async (n, e, message, salt, factor) => (await rsa.blind(rsaKey(n, e), message, salt, toBig(factor)))[0],
  finalize: async (n, e, message, signature, inverse, salt) =>
    rsa.finalize(rsaKey(n, e), message, signature, toBig(inverse), salt),
  verifyRsa: (n, e, message, signature, salt) => rsa.verify(rsaKey(n, e), message, signature, salt),
  challenge: token.challengeDigest,
  begin: async (der, challenge, nonce, salt, factor) => {
    const begun = await token.begin(der, challenge, nonce, salt, factor && toBig(factor));
    pending = begun[1];
    return begun[0];
  },
  finish: (response) => token.finish(pending, response),
  seal: sealing.seal,
  sealEnvelope: sealing.sealEnvelope,
  sealInner: sealing.sealInner,
  sealPhoto: sealing.sealPhoto,
  open: sealing.open,
  hpke: async (privateKey, publicKey, ephemeral, info, sent: [Bytes, Bytes][]) => {
    const suite = await sealing.suite();
    const recipientPublicKey = await suite.kem.deserializePublicKey(publicKey);
    const [secret, point] = ephemeral;
    const ekm = { privateKey: await suite.kem.deserializePrivateKey(secret), publicKey: await suite.kem.deserializePublicKey(point) };
    const sender = await suite.createSenderContext({ recipientPublicKey, info, ekm });
    const recipientKey = await suite.kem.deserializePrivateKey(privateKey);
    const receiver = await suite.createRecipientContext({ recipientKey, enc: sender.enc, info });
    const made: Bytes[] = [new Uint8Array(sender.enc)];
    for (const [aad, plain] of sent) {
      const sealed = await sender.seal(plain, aad);
      if (hex(new Uint8Array(await receiver.open(sealed, aad))) !== hex(plain)) throw new Error("not opened again");
      made.push(new Uint8Array(sealed));
    }
    return made;
  },
  inner: (part, salt) => record.innerPart(part, salt),
  ballot: async (election, seed, tokenBytes, sequence, photo, inner, sealed) =>
    record.ballot(await credential(election, seed, tokenBytes), sequence, photo, inner, sealed),
  withdrawal: async (election, seed, tokenBytes, sequence) =>
    record.withdrawal(await credential(election, seed, tokenBytes), sequence),
  observed: async (kind, election, seed, accreditation, sequence, station, ...said) =>
    record.observed(kind, { election, key: await ed25519.SigningKey.of(seed), accreditation }, sequence, station, ...said),
  slip: slipCode,
  isTooLarge: (photo, since, pace) => isTooLarge(photo, since, pace),
  inclusion: merkle.verifyInclusion,
  consistency: merkle.verifyConsistency,
  root: (leaves) => merkle.rootOf(0, leaves.length, nodes(leaves)),
  prove: (leaves, index) => merkle.inclusionProof(index, leaves.length, nodes(leaves)),
  proveConsistency: (leaves, old) => merkle.consistencyProof(old, leaves.length, nodes(leaves)),
  note: async (note, vkeys) => {
    const [text, signers] = await openNote(note, await Promise.all(vkeys.map(parseVerifier)));
    return [text, [...signers].map((one) => one.name).sort()];
  },
  noteText: (note) => parseNote(note)[0],
  receipt: async (receipt, recordHash, log, witnesses, quorum) => {
    const parsed = parseReceipt(receipt);
    const checkpoint = await verifyReceipt(parsed, recordHash, await policyOf(log, witnesses, quorum));
    return [checkpoint.size, checkpoint.root, encodeReceipt(parsed)];
  },
  vkey: async (key) => (await parseVerifier(key)).name,
  sha256,
  words,
};

await answerAll(commands);
