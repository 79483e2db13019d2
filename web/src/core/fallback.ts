/** Fallback: the curves for browsers whose WebCrypto lacks them. A file of its own, which only they load. */

export { DhkemX25519HkdfSha256 as X25519 } from "@hpke/dhkem-x25519";
export { Point, getPublicKeyAsync, signAsync } from "@noble/ed25519";
