"""Libcrypto: RSA's private operation by the system's OpenSSL 3, where there is one (docs/decisions/raw-rsa.md).

The package cryptography does not offer the operation without a padding, which blind signing needs. OpenSSL's is in
constant time, with a blinding of its own, and three times as fast as GMP's; it runs outside the interpreter's lock.
"""

import ctypes
import sys
import weakref
from ctypes import byref, c_char_p, c_int, c_long, c_size_t, c_void_p
from functools import cache

_NO_PADDING = 3
_SIGNATURES: dict[str, tuple[type | None, tuple[type, ...]]] = {
    "d2i_AutoPrivateKey": (c_void_p, (c_void_p, c_void_p, c_long)),
    "EVP_PKEY_free": (None, (c_void_p,)),
    "EVP_PKEY_CTX_new": (c_void_p, (c_void_p, c_void_p)),
    "EVP_PKEY_CTX_free": (None, (c_void_p,)),
    "EVP_PKEY_decrypt_init": (c_int, (c_void_p,)),
    "EVP_PKEY_CTX_set_rsa_padding": (c_int, (c_void_p, c_int)),
    "EVP_PKEY_decrypt": (c_int, (c_void_p, c_char_p, c_void_p, c_char_p, c_size_t)),
}


class OpensslKey:
    """An RSA private key inside OpenSSL. Any number of threads may use it."""

    def __init__(self, library: ctypes.CDLL, der: bytes) -> None:
        """``der`` is a private key in DER; raises ValueError if OpenSSL can't read it."""
        self._library = library
        self._key = library.d2i_AutoPrivateKey(None, byref(c_char_p(der)), len(der))
        if not self._key:
            raise ValueError("OpenSSL does not read this private key")
        weakref.finalize(self, library.EVP_PKEY_free, self._key)

    def power(self, message: bytes) -> bytes | None:
        """Return ``message`` (as long as the modulus, below it) to the private exponent; None if OpenSSL refuses."""
        library, result, length = self._library, ctypes.create_string_buffer(len(message)), c_size_t(len(message))
        context = library.EVP_PKEY_CTX_new(self._key, None)
        try:
            ready = (
                bool(context)
                and library.EVP_PKEY_decrypt_init(context) > 0
                and library.EVP_PKEY_CTX_set_rsa_padding(context, _NO_PADDING) > 0
            )
            if not ready or library.EVP_PKEY_decrypt(context, result, byref(length), message, len(message)) <= 0:
                return None
        finally:
            library.EVP_PKEY_CTX_free(context)
        return result.raw if length.value == len(message) else None


def openssl_key(der: bytes) -> OpensslKey | None:
    """Return the key in ``der`` for OpenSSL, None where the system has no OpenSSL 3 or it does not take the key."""
    library = _load()
    try:
        return None if library is None else OpensslKey(library, der)
    except ValueError:
        return None


@cache
def _load() -> ctypes.CDLL | None:
    """Load the library under the one name that fixes its interface; on other systems the name would be a guess."""
    if sys.platform != "linux":
        return None
    try:
        library = ctypes.CDLL("libcrypto.so.3")
        for name, (result, arguments) in _SIGNATURES.items():
            function = getattr(library, name)
            function.restype, function.argtypes = result, arguments
    except (OSError, AttributeError):
        return None
    return library
