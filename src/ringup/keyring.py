"""What the root key protects: stored secrets, and hashes of keys, PINs, sign-ins and gift cards. Does no I/O."""

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from ringup.domain.errors import SecretUnreadable

NONCE_BYTES = 12
KEY_MARK = "rk"
"""What every API key begins with, so that scanners find one that leaked."""
SIGN_IN_MARK = "rs"


@dataclass(frozen=True, slots=True)
class NewApiKey:
    """`token` is shown once and kept nowhere; prefix and hash are what the database keeps."""

    token: str
    prefix: str
    secret_hash: bytes


class Keyring:
    """Keys derived from the root key (HKDF, RFC 5869), one for each purpose.

    Stored secrets are encrypted with AES-256-GCM and bound to their row: a ciphertext
    that is moved to another row does not decrypt. API keys are random, so a keyed fast
    hash is enough for them.
    """

    def __init__(self, root_key: bytes) -> None:
        self._cipher = AESGCM(_derive(root_key, b"stored secrets"))
        self._pepper = _derive(root_key, b"api keys")
        self._staff_pepper = _derive(root_key, b"staff")
        self._gift_card_pepper = _derive(root_key, b"gift cards")
        self.key_id = hashlib.sha256(_derive(root_key, b"key id")).hexdigest()[:16]

    def encrypt(self, secret: str, *, vendor_id: UUID, row_id: UUID) -> bytes:
        """Encrypt for one row; every call gives another ciphertext."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, secret.encode(), _bound_to(vendor_id, row_id))

    def decrypt(self, ciphertext: bytes, *, vendor_id: UUID, row_id: UUID) -> str:
        """Raises SecretUnreadable for another key's, another row's or a damaged ciphertext."""
        nonce, sealed = ciphertext[:NONCE_BYTES], ciphertext[NONCE_BYTES:]
        try:
            return self._cipher.decrypt(nonce, sealed, _bound_to(vendor_id, row_id)).decode()
        except (InvalidTag, ValueError) as failure:
            raise SecretUnreadable("a stored secret does not decrypt with the configured key") from failure

    def make_api_key(self) -> NewApiKey:
        """A fresh key: rk_<prefix>_<secret>, of which the secret has 192 random bits."""
        prefix = secrets.token_hex(6)
        secret = base64.urlsafe_b64encode(secrets.token_bytes(24)).decode().replace("_", ".")
        return NewApiKey(f"{KEY_MARK}_{prefix}_{secret}", prefix, self._hash(prefix, secret))

    def matches(self, token: str, secret_hash: bytes) -> bool:
        """Compare in constant time."""
        prefix, secret = split_token(token)
        return hmac.compare_digest(self._hash(prefix, secret), secret_hash)

    def pepper_pin(self, pin: str, *, vendor_id: UUID, staff_id: UUID) -> bytes:
        """What is hashed in place of a PIN: ten thousand guesses are nothing to whoever has only the database."""
        return hmac.digest(self._staff_pepper, f"pin|{vendor_id}|{staff_id}|{pin}".encode(), "sha256")

    def make_sign_in_token(self) -> tuple[str, bytes]:
        """A fresh token with 192 random bits, shown once, and the hash by which it is found."""
        token = f"{SIGN_IN_MARK}_{secrets.token_urlsafe(24)}"
        return token, self.hash_sign_in_token(token)

    def hash_sign_in_token(self, token: str) -> bytes:
        return hmac.digest(self._staff_pepper, f"sign-in|{token}".encode(), "sha256")

    def hash_gift_card(self, code: str, *, vendor_id: UUID) -> bytes:
        """By which a gift card is found: whoever has only the database cannot try codes."""
        return hmac.digest(self._gift_card_pepper, f"{vendor_id}|{code}".encode(), "sha256")

    def _hash(self, prefix: str, secret: str) -> bytes:
        return hmac.digest(self._pepper, f"{prefix}\0{secret}".encode(), "sha256")


def split_token(token: str) -> tuple[str, str]:
    """The prefix and the secret of a token; empty strings for what is no token of ours."""
    parts = token.split("_")
    if len(parts) != 3 or parts[0] != KEY_MARK:
        return "", ""
    return parts[1], parts[2]


def _derive(root_key: bytes, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=b"ringup " + purpose).derive(root_key)


def _bound_to(vendor_id: UUID, row_id: UUID) -> bytes:
    return f"payment_processors|credentials|{vendor_id}|{row_id}".encode()
