"""RFC 9180 base mode over X25519 and HKDF-SHA256 written out from primitives: a second opinion on what seals for us.

It shares nothing with golos.credential.sealing, and takes the ephemeral key and the aad that test vectors need.
"""

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM, ChaCha20Poly1305
from cryptography.hazmat.primitives.hmac import HMAC

KEM_ID = b"\x00\x20"
KDF_ID = b"\x00\x01"
AEADS = {1: (16, AESGCM), 2: (32, AESGCM), 3: (32, ChaCha20Poly1305)}
KEM_SUITE = b"KEM" + KEM_ID


def extract(salt, secret):
    mac = HMAC(salt or bytes(32), hashes.SHA256())
    mac.update(secret)
    return mac.finalize()


def expand(key, info, length):
    out = block = b""
    for i in range(1, -(-length // 32) + 1):
        block = extract(key, block + info + bytes([i]))
        out += block
    return out[:length]


def labeled_extract(suite, salt, label, secret):
    return extract(salt, b"HPKE-v1" + suite + label + secret)


def labeled_expand(suite, key, label, info, length):
    return expand(key, length.to_bytes(2) + b"HPKE-v1" + suite + label + info, length)


def shared_secret(private, public, context):
    """DHKEM's ExtractAndExpand of the Diffie-Hellman of both (section 4.1)."""
    dh = X25519PrivateKey.from_private_bytes(private).exchange(X25519PublicKey.from_public_bytes(public))
    prk = labeled_extract(KEM_SUITE, b"", b"eae_prk", dh)
    return labeled_expand(KEM_SUITE, prk, b"shared_secret", context, 32)


def key_schedule(aead_id, secret, info):
    """Return key, base nonce and exporter secret (section 5.1)."""
    suite = b"HPKE" + KEM_ID + KDF_ID + aead_id.to_bytes(2)
    psk_id = labeled_extract(suite, b"", b"psk_id_hash", b"")
    context = b"\0" + psk_id + labeled_extract(suite, b"", b"info_hash", info)
    prk = labeled_extract(suite, secret, b"secret", b"")
    return (
        labeled_expand(suite, prk, b"key", context, AEADS[aead_id][0]),
        labeled_expand(suite, prk, b"base_nonce", context, 12),
        labeled_expand(suite, prk, b"exp", context, 32),
    )


def export(aead_id, exporter_secret, context, length):
    suite = b"HPKE" + KEM_ID + KDF_ID + aead_id.to_bytes(2)
    return labeled_expand(suite, exporter_secret, b"sec", context, length)


def public_of(private):
    return X25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()


def seal(aead_id, recipient, ephemeral, info, aad, plaintext):
    """Return enc and ciphertext of the single shot (section 6.1) with a chosen ephemeral private key."""
    enc = public_of(ephemeral)
    key, nonce, _ = key_schedule(aead_id, shared_secret(ephemeral, recipient, enc + recipient), info)
    return enc, AEADS[aead_id][1](key).encrypt(nonce, plaintext, aad)


def open_(aead_id, private, enc, info, aad, ciphertext):
    key, nonce, _ = key_schedule(aead_id, shared_secret(private, enc, enc + public_of(private)), info)
    return AEADS[aead_id][1](key).decrypt(nonce, ciphertext, aad)
