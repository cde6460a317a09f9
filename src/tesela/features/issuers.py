"""Outside issuers: whose tokens are believed, for which tenants, and up to which role.

The file is a JSON list; each entry: issuer, audience, algorithm, one of jwks_url, pem, pem_file, secret and
secret_file, tenants, max_role, and where in the token things stand (claims). See docs/accounts.md.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import math
import stat
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, model_validator

from tesela.errors import TeselaError, Unauthenticated
from tesela.model.caller import ROLES, Lock, Role
from tesela.model.policy import Attribute, Attributes
from tesela.model.statement import Scalar
from tesela.outgoing import Outgoing, OutgoingFailed, check_url

Clock = Callable[[], dt.datetime]

MAX_TOKEN_LENGTH = 16_000
LEEWAY_SECONDS = 30
REFETCH_AFTER = dt.timedelta(minutes=1)
"""How soon after a fetch an unknown key id may cause another."""
REFRESH_AFTER = dt.timedelta(hours=1)
"""When keys are fetched again, so that withdrawn ones stop working."""
BELIEVE_FOR = dt.timedelta(hours=24)
"""How long known keys are used when the issuer cannot be reached."""
KEY_TYPES = {"RS256": "RSA", "ES256": "EC", "EdDSA": "OKP"}
MIN_SECRET_BYTES = 32

MAX_LIST = 1_000
"""Members of a claim that is a list."""

MAX_LOCKS, MAX_LOCK_VALUES = 20, 1_000
INVALID = "The token is not valid"
BAD_LOCKS = "The filters that this token locks must be an object of values or lists of values"


class BadIssuers(TeselaError):
    """The issuers file cannot be used; the sentence says what to do."""


class Claims(BaseModel):
    """Where in a token things stand: a claim's name, or a path with dots.

    attributes: by our name; row policies and `${user.<attribute>}` read them.
    filters: an object whose members lock filters: `{"region": "North"}` or `{"region": ["North", "South"]}`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    email: str = "email"
    name: str = "name"
    role: str = "role"
    tenant: str = "tenant"
    attributes: dict[str, str] = Field(default_factory=dict)
    filters: str = "filters"


class Issuer(BaseModel):
    """One entry of the file. roles: what the issuer calls our roles, where it has other words."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    issuer: str = Field(min_length=1)
    audience: str = Field(min_length=1)
    algorithm: Literal["RS256", "ES256", "EdDSA", "HS256"]
    jwks_url: str | None = None
    pem: str | None = None
    pem_file: Path | None = None
    secret: str | None = Field(None, repr=False)
    secret_file: Path | None = None
    tenants: tuple[str, ...] = Field(min_length=1)
    max_role: Role = "viewer"
    roles: dict[str, Role] = Field(default_factory=dict)
    claims: Claims = Claims()

    @model_validator(mode="after")
    def _one_key(self) -> Issuer:
        given = [self.jwks_url, self.pem, self.pem_file, self.secret, self.secret_file]
        if sum(one is not None for one in given) != 1:
            raise ValueError("name exactly one of jwks_url, pem, pem_file, secret and secret_file")
        is_shared = self.secret is not None or self.secret_file is not None
        if is_shared != (self.algorithm == "HS256"):
            raise ValueError("HS256 goes with a secret, and every other algorithm with jwks_url or a pem")
        if self.jwks_url is not None:
            check_url(self.jwks_url)
        return self


@dataclass(frozen=True, slots=True)
class Identity:
    """What a verified token says.

    subject: unique within the issuer. tenant: the name of one that the issuer may speak for.
    """

    issuer: str
    subject: str
    tenant: str
    role: Role
    email: str
    name: str
    attributes: Attributes
    expires_at: dt.datetime
    locked: tuple[Lock, ...] = ()


@dataclass
class _KeySet:
    """The keys of one JWKS, by key id."""

    keys: dict[str, Any] = field(default_factory=dict)
    fetched_at: dt.datetime | None = None
    tried_at: dt.datetime | None = None
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)


class Issuers:
    """Verifies tokens of the configured issuers. `outgoing` may ask the hosts of their `jwks_url`s."""

    def __init__(self, issuers: tuple[Issuer, ...], clock: Clock, outgoing: Outgoing | None = None) -> None:
        self._issuers = {one.issuer: one for one in issuers}
        if len(self._issuers) != len(issuers):
            raise BadIssuers("The issuers file names an issuer twice")
        self._clock = clock
        hosts = [check_url(one.jwks_url) for one in issuers if one.jwks_url is not None]
        self._outgoing = outgoing or Outgoing(hosts)
        self._sets: dict[str, _KeySet] = {}
        self._fixed = {one.issuer: _fixed_key(one) for one in issuers if one.jwks_url is None}

    async def verify(self, token: str) -> Identity:
        """Return who a token speaks of. Raises Unauthenticated, OutgoingFailed."""
        import jwt

        if not self._issuers or len(token) > MAX_TOKEN_LENGTH:
            raise Unauthenticated(INVALID)
        try:
            head = jwt.get_unverified_header(token)
            said = jwt.decode(token, options={"verify_signature": False})
        except (jwt.InvalidTokenError, ValueError, RecursionError) as error:
            raise Unauthenticated(INVALID, private=repr(error)) from error
        name = said.get("iss")
        issuer = self._issuers.get(name) if isinstance(name, str) else None
        if issuer is None or head.get("alg") != issuer.algorithm:
            raise Unauthenticated(INVALID, private="unknown issuer, or not its algorithm")
        key = await self._key(issuer, head.get("kid"))
        try:
            claims = jwt.decode(
                token,
                key,
                algorithms=[issuer.algorithm],
                audience=issuer.audience,
                issuer=issuer.issuer,
                leeway=LEEWAY_SECONDS,
                options={"require": ["exp", "iss", "aud", "sub"]},
            )
        except jwt.ExpiredSignatureError as error:
            raise Unauthenticated("The token has expired") from error
        except (jwt.InvalidTokenError, jwt.InvalidKeyError, ValueError, TypeError, OverflowError) as error:
            raise Unauthenticated(INVALID, private=repr(error)) from error
        return _identity(issuer, claims)

    async def close(self) -> None:
        await self._outgoing.close()

    async def _key(self, issuer: Issuer, key_id: object) -> Any:
        if issuer.jwks_url is None:
            return self._fixed[issuer.issuer]
        known = self._sets.setdefault(issuer.issuer, _KeySet())
        key = _pick(known, key_id)
        if key is not None and not self._is_past(known.fetched_at, REFRESH_AFTER):
            return key
        async with known.lock:
            # Whoever waited here may find that the keys were fetched meanwhile.
            if self._is_past(known.tried_at, REFETCH_AFTER):
                await self._fetch(issuer, known)
        key = _pick(known, key_id)
        if key is None:
            if known.fetched_at is None:
                raise OutgoingFailed("The keys of this token's issuer cannot be fetched right now: try again")
            raise Unauthenticated(INVALID, private="unknown key id")
        return key

    async def _fetch(self, issuer: Issuer, known: _KeySet) -> None:
        """Replace the known keys; when that fails, keep them for a day."""
        known.tried_at = self._clock()
        try:
            found = await self._outgoing.get_json(str(issuer.jwks_url))
        except OutgoingFailed:
            if self._is_past(known.fetched_at, BELIEVE_FOR):
                known.keys.clear()
                known.fetched_at = None
            return
        known.keys = _usable(found, issuer.algorithm)
        known.fetched_at = self._clock()

    def _is_past(self, moment: dt.datetime | None, age: dt.timedelta) -> bool:
        return moment is None or self._clock() - moment >= age


def load_issuers(path: Path | None) -> tuple[Issuer, ...]:
    """Return the issuers of the file; none when there is no file. Raises BadIssuers with one sentence."""
    if path is None:
        return ()
    try:
        mode, content = path.stat().st_mode, path.read_bytes()
    except OSError as error:
        raise BadIssuers(f"The issuers file {path} cannot be read: {error.strerror}") from error
    try:
        found = TypeAdapter(tuple[Issuer, ...]).validate_json(content)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "the list"
        raise BadIssuers(f"The issuers file {path} is wrong at {where}: {first['msg']}") from error
    if any(one.secret is not None for one in found) and mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise BadIssuers(f"The issuers file {path} holds a secret and is open to others: run chmod 600 on it")
    return found


def _fixed_key(issuer: Issuer) -> Any:
    """Return the key that an entry holds itself or names by file, checked against its algorithm."""
    try:
        if issuer.algorithm == "HS256":
            text = issuer.secret if issuer.secret_file is None else issuer.secret_file.read_text().strip()
            return _checked_secret(issuer, (text or "").encode())
        pem = issuer.pem if issuer.pem_file is None else issuer.pem_file.read_text()
        return _public_key(issuer, (pem or "").encode())
    except OSError as error:
        raise BadIssuers(f"The key of issuer {issuer.issuer} cannot be read: {error.strerror}") from error


def _checked_secret(issuer: Issuer, secret: bytes) -> bytes:
    if len(secret) < MIN_SECRET_BYTES or len(set(secret)) < 10:
        raise BadIssuers(
            f"The secret of issuer {issuer.issuer} is empty, short or well known: "
            f"make one of {MIN_SECRET_BYTES} random bytes or more"
        )
    return secret


def _public_key(issuer: Issuer, pem: bytes) -> Any:
    from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    try:
        key = load_pem_public_key(pem)
    except (ValueError, TypeError) as error:
        raise BadIssuers(f"The pem of issuer {issuer.issuer} is no public key") from error
    fits = (
        (issuer.algorithm == "RS256" and isinstance(key, RSAPublicKey) and key.key_size >= 2048)
        or (issuer.algorithm == "EdDSA" and isinstance(key, Ed25519PublicKey))
        or (
            issuer.algorithm == "ES256"
            and isinstance(key, EllipticCurvePublicKey)
            and isinstance(key.curve, SECP256R1)
        )
    )
    if not fits:
        raise BadIssuers(f"The pem of issuer {issuer.issuer} is no key for {issuer.algorithm}")
    return key


def _pick(known: _KeySet, key_id: object) -> Any:
    """Return the key that a token names; without a name, the only one there is."""
    if key_id is None:
        return next(iter(known.keys.values())) if len(known.keys) == 1 else None
    return known.keys.get(key_id) if isinstance(key_id, str) else None


def _usable(found: Any, algorithm: str) -> dict[str, Any]:
    """Return those keys of a JWKS that sign with `algorithm`, by key id ("" for one without)."""
    import jwt

    keys: dict[str, Any] = {}
    entries = found.get("keys") if isinstance(found, dict) else None
    for entry in entries if isinstance(entries, list) else []:
        if not isinstance(entry, dict) or entry.get("kty") != KEY_TYPES[algorithm]:
            continue
        if entry.get("use", "sig") != "sig" or entry.get("alg", algorithm) != algorithm:
            continue
        if algorithm == "ES256" and entry.get("crv") != "P-256":
            continue
        try:
            keys[str(entry.get("kid", ""))] = jwt.PyJWK(entry, algorithm=algorithm)
        except (jwt.PyJWTError, ValueError, TypeError):
            continue  # a key that we cannot read signs nothing for us
    return keys


def _identity(issuer: Issuer, claims: Mapping[str, Any]) -> Identity:
    subject = claims["sub"]
    if not isinstance(subject, str) or not 0 < len(subject) <= 255 or "\x00" in subject:
        raise Unauthenticated(INVALID, private="sub is no short text")
    named = issuer.claims
    return Identity(
        issuer=issuer.issuer,
        subject=subject,
        tenant=_tenant(issuer, _at(claims, named.tenant)),
        role=_role(issuer, _at(claims, named.role)),
        email=_text(_at(claims, named.email), 254),
        name=_text(_at(claims, named.name), 200),
        attributes={
            ours: said
            for ours, theirs in named.attributes.items()
            if (said := _attribute(_at(claims, theirs))) is not None
        },
        expires_at=dt.datetime.fromtimestamp(float(claims["exp"]), dt.UTC),
        locked=_locked(_at(claims, named.filters)),
    )


def _locked(said: object) -> tuple[Lock, ...]:
    """Return the filters that a token locks, in the order of their names.

    What cannot be understood is refused: nobody may see more because of a slip. Raises Unauthenticated.

    >>> _locked({"region": ["N", "S"], "year": 2026}), _locked(None)
    ((('region', ('N', 'S')), ('year', (2026,))), ())
    """
    if said is None:
        return ()
    if not isinstance(said, Mapping) or len(said) > MAX_LOCKS:
        raise Unauthenticated(BAD_LOCKS)
    return tuple((_lock_name(name), _lock_values(said[name])) for name in sorted(said))


def _lock_name(name: str) -> str:
    if not 0 < len(name) <= 200 or "\x00" in name:
        raise Unauthenticated(BAD_LOCKS)
    return name


def _lock_values(said: object) -> tuple[Scalar, ...]:
    values = said if isinstance(said, list) else [said]
    if not 0 < len(values) <= MAX_LOCK_VALUES:
        raise Unauthenticated(BAD_LOCKS)
    for value in values:
        is_number = isinstance(value, int) or (isinstance(value, float) and math.isfinite(value))
        is_text = isinstance(value, str) and len(value) <= 1_000 and "\x00" not in value
        if not (is_number or is_text) or (isinstance(value, int) and abs(value) >= 2**63):
            raise Unauthenticated(BAD_LOCKS)
    return tuple(values)


def _tenant(issuer: Issuer, said: object) -> str:
    if said is None and len(issuer.tenants) == 1:
        return issuer.tenants[0]
    if not isinstance(said, str) or said not in issuer.tenants:
        raise Unauthenticated("The token's issuer may not speak for its tenant")
    return said


def _role(issuer: Issuer, said: object) -> Role:
    """Return the highest role that the token names and the issuer may give; viewer when it names none."""
    words = said if isinstance(said, list) else [said]
    named = [role for word in words if (role := _known_role(issuer, word)) is not None]
    rank = max((ROLES.index(role) for role in named), default=0)
    return ROLES[min(rank, ROLES.index(issuer.max_role))]


def _known_role(issuer: Issuer, word: object) -> Role | None:
    if not isinstance(word, str):
        return None
    if issuer.roles:
        return issuer.roles.get(word)
    return next((role for role in ROLES if role == word), None)


def _at(claims: Mapping[str, Any], path: str) -> Any:
    """Return a claim by its name, else by its path.

    >>> _at({"https://x.org/role": "a", "realm": {"roles": ["b"]}}, "realm.roles")
    ['b']
    """
    if path in claims:
        return claims[path]
    found: Any = claims
    for part in path.split("."):
        found = found.get(part) if isinstance(found, Mapping) else None
    return found


def _text(value: object, at_most: int) -> str:
    if not isinstance(value, str):
        return ""
    return "".join(letter for letter in value if letter.isprintable()).strip()[:at_most]


def _attribute(value: object) -> Attribute | None:
    """Return a claim as an attribute: a text, or a list of texts; None for what is neither.

    >>> _attribute(["norte", 3, {}]), _attribute(True), _attribute({})
    (('norte', '3'), 'true', None)
    """
    if isinstance(value, list):
        return tuple(text for one in value[:MAX_LIST] if (text := _scalar(one)) is not None)
    return _scalar(value)


def _scalar(value: object) -> str | None:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return str(value)
    return value[:1000] if isinstance(value, str) and "\x00" not in value else None
