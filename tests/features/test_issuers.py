"""Tokens of outside issuers: whom we believe, about what, and for how long."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import json
import threading
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from make import START, Clock, World, in_world, tenant, user
from tesela.errors import Unauthenticated
from tesela.features.issuers import BadIssuers, Identity, Issuer, Issuers, load_issuers
from tesela.features.people import user_of_identity
from tesela.outgoing import Outgoing, OutgoingFailed

RSA = rsa.generate_private_key(65537, 2048)
RSA_2 = rsa.generate_private_key(65537, 2048)
EC = ec.generate_private_key(ec.SECP256R1())
ED = ed25519.Ed25519PrivateKey.generate()
SECRET = "an0ther-very-long-and-random-secret-Qx7"
NAME, AUDIENCE = "https://login.example.org", "tesela"


def pem(key: Any) -> str:
    return (
        key.public_key()
        .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
        .decode()
    )


def issuer(**fields: Any) -> Issuer:
    given: dict[str, Any] = {
        "issuer": NAME,
        "audience": AUDIENCE,
        "algorithm": "RS256",
        "tenants": ("default",),
        "max_role": "admin",
    }
    if not {"jwks_url", "secret", "secret_file", "pem_file"} & set(fields):
        given["pem"] = pem(RSA)
    return Issuer(**(given | fields))


def claims(**changes: Any) -> dict[str, Any]:
    now = moment()
    given = {
        "iss": NAME,
        "aud": AUDIENCE,
        "sub": "s-1",
        "exp": now + 600,
        "email": "ana@example.org",
        "role": "editor",
    }
    return {name: value for name, value in (given | changes).items() if value is not ...}


def moment() -> int:
    import time

    return int(time.time())


def token(
    key: Any = RSA, algorithm: str = "RS256", headers: dict[str, Any] | None = None, **changes: Any
) -> str:
    return jwt.encode(claims(**changes), key, algorithm=algorithm, headers=headers)


def verified(one: Issuer, text: str) -> Identity:
    async def work() -> Identity:
        issuers = Issuers((one,), Clock())
        try:
            return await issuers.verify(text)
        finally:
            await issuers.close()

    return asyncio.run(work())


@pytest.mark.parametrize(
    ("fields", "key", "algorithm"),
    [
        ({}, RSA, "RS256"),
        ({"algorithm": "ES256", "pem": pem(EC)}, EC, "ES256"),
        ({"algorithm": "EdDSA", "pem": pem(ED)}, ED, "EdDSA"),
        ({"algorithm": "HS256", "secret": SECRET}, SECRET, "HS256"),
    ],
)
def test_a_good_token_of_each_algorithm_is_believed(fields: dict[str, Any], key: Any, algorithm: str) -> None:
    found = verified(issuer(**fields), token(key, algorithm, name="Ana"))

    assert (found.issuer, found.subject, found.tenant) == (NAME, "s-1", "default")
    assert (found.email, found.name, found.role) == ("ana@example.org", "Ana", "editor")


def forged(header: dict[str, Any], body: dict[str, Any], signature: bytes = b"") -> str:
    parts = [json.dumps(header).encode(), json.dumps(body).encode(), signature]
    return ".".join(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts)


BAD_TOKENS: dict[str, Callable[[], str]] = {
    "no signature": lambda: forged({"alg": "none"}, claims()),
    "none, spelt otherwise": lambda: forged({"alg": "nOnE", "typ": "JWT"}, claims()),
    "the signature of another token": lambda: ".".join(
        [*token(sub="admin").split(".")[:2], token().split(".")[2]]
    ),
    "another key": lambda: token(RSA_2),
    "another algorithm": lambda: token(SECRET, "HS256"),
    "another algorithm of the same key": lambda: token(RSA, "RS512"),
    "an unknown issuer": lambda: token(iss="https://evil.example.org"),
    "no issuer": lambda: token(iss=...),
    "another audience": lambda: token(aud="somebody else"),
    "no audience": lambda: token(aud=...),
    "no end": lambda: token(exp=...),
    "an end that is no number": lambda: forged({"alg": "RS256"}, claims(exp="soon")),
    "no subject": lambda: token(sub=...),
    "an empty subject": lambda: token(sub=""),
    "a long subject": lambda: token(sub="x" * 256),
    "not begun yet": lambda: token(nbf=moment() + 600),
    "an unknown critical header": lambda: token(headers={"crit": ["x"], "x": 1}),
    "too long": lambda: token(fill="x" * 20_000),
    "not a token": lambda: "a.b.c",
    "nothing": lambda: "",
    "two parts": lambda: "a.b",
    "no ascii": lambda: "é.é.é",
    "deep": lambda: forged({"alg": "RS256"}, {"iss": NAME}) + "." + "x",
}


@pytest.mark.parametrize("kind", sorted(BAD_TOKENS))
def test_a_bad_token_is_refused(kind: str) -> None:
    with pytest.raises(Unauthenticated):
        verified(issuer(), BAD_TOKENS[kind]())


def test_a_public_key_is_no_shared_secret() -> None:
    """The classic confusion: HS256 signed with the text of the public key."""
    import hashlib
    import hmac

    head, body = forged({"alg": "HS256", "typ": "JWT"}, claims()).split(".")[:2]
    mac = hmac.new(pem(RSA).encode(), f"{head}.{body}".encode(), hashlib.sha256).digest()
    text = f"{head}.{body}.{base64.urlsafe_b64encode(mac).rstrip(b'=').decode()}"

    with pytest.raises(Unauthenticated):
        verified(issuer(), text)


def test_an_expired_token_is_said_to_be_so_after_a_small_leeway() -> None:
    assert verified(issuer(), token(exp=moment() - 10)).subject == "s-1"
    with pytest.raises(Unauthenticated, match="expired"):
        verified(issuer(), token(exp=moment() - 60))


@pytest.mark.parametrize(
    ("fields", "said", "expected"),
    [
        ({}, "admin", "admin"),
        ({"max_role": "editor"}, "admin", "editor"),
        ({"max_role": "viewer"}, "admin", "viewer"),
        ({"max_role": "editor"}, "viewer", "viewer"),
        ({}, ..., "viewer"),
        ({}, "root", "viewer"),
        ({}, 7, "viewer"),
        ({}, ["viewer", "editor"], "editor"),
        ({"roles": {"bi-admins": "admin"}}, ["x", "bi-admins"], "admin"),
        ({"roles": {"bi-admins": "admin"}}, "admin", "viewer"),
    ],
)
def test_a_role_is_at_most_what_the_issuer_may_give(fields: dict[str, Any], said: Any, expected: str) -> None:
    assert verified(issuer(**fields), token(role=said)).role == expected


@pytest.mark.parametrize(
    ("tenants", "said", "expected"),
    [
        (("default",), ..., "default"),
        (("default",), "default", "default"),
        (("north", "south"), "south", "south"),
        (("north", "south"), ..., None),
        (("north", "south"), "west", None),
        (("default",), "other", None),
        (("default",), ["default"], None),
        (("default",), "", None),
    ],
)
def test_an_issuer_speaks_only_for_its_tenants(
    tenants: tuple[str, ...], said: Any, expected: str | None
) -> None:
    one = issuer(tenants=tenants)
    if expected is None:
        with pytest.raises(Unauthenticated, match="tenant"):
            verified(one, token(tenant=said))
    else:
        assert verified(one, token(tenant=said)).tenant == expected


def test_claims_are_read_where_the_entry_says() -> None:
    named = {
        "email": "https://example.org/mail",
        "role": "realm.roles",
        "tenant": "org",
        "attributes": {"region": "zone.code", "level": "level", "vip": "vip", "list": "list", "gone": "gone"},
    }
    text = token(
        **{"https://example.org/mail": "x@y.org", "org": "default", "level": 3, "vip": True, "list": [1]},
        realm={"roles": ["editor"]},
        zone={"code": "norte"},
        email="ignored@example.org",
    )

    found = verified(issuer(claims=named), text)

    assert (found.email, found.role, found.tenant) == ("x@y.org", "editor", "default")
    assert found.attributes == {"region": "norte", "level": "3", "vip": "true", "list": ("1",)}


# The keys of an issuer by URL.


@dataclass
class KeyServer:
    """A JWKS on a free loopback port. answer: status, headers, body."""

    keys: list[dict[str, Any]] = field(default_factory=list)
    answer: tuple[int, dict[str, str], bytes] | None = None
    asked: int = 0
    url: str = ""

    def publish(self, **keys: Any) -> None:
        self.keys = [json.loads(_jwk(key)) | {"kid": id_} for id_, key in keys.items()]


def _jwk(key: Any) -> str:
    for kind, algorithm in (
        (rsa.RSAPrivateKey, jwt.algorithms.RSAAlgorithm),
        (ec.EllipticCurvePrivateKey, jwt.algorithms.ECAlgorithm),
        (ed25519.Ed25519PrivateKey, jwt.algorithms.OKPAlgorithm),
    ):
        if isinstance(key, kind):
            return str(algorithm.to_jwk(key.public_key()))
    return json.dumps({"kty": "oct", "k": base64.urlsafe_b64encode(str(key).encode()).decode()})


@pytest.fixture
def key_server() -> Iterator[KeyServer]:
    state = KeyServer()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            state.asked += 1
            status, headers, body = state.answer or (200, {}, json.dumps({"keys": state.keys}).encode())
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            with contextlib.suppress(OSError):
                self.wfile.write(body)

        def log_message(self, *words: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    state.url = f"http://127.0.0.1:{server.server_port}/jwks"
    yield state
    server.shutdown()
    server.server_close()
    thread.join()


def with_keys(state: KeyServer, work: Callable[[Issuers, Clock], Awaitable[None]], **fields: Any) -> None:
    async def run() -> None:
        clock = Clock()
        issuers = Issuers((issuer(jwks_url=state.url, **fields),), clock)
        try:
            await work(issuers, clock)
        finally:
            await issuers.close()

    asyncio.run(run())


def test_keys_are_fetched_once_and_again_for_one_that_is_new(key_server: KeyServer) -> None:
    key_server.publish(one=RSA)
    first, second = token(headers={"kid": "one"}), token(RSA_2, headers={"kid": "two"})

    async def work(issuers: Issuers, clock: Clock) -> None:
        await asyncio.gather(*(issuers.verify(first) for _ in range(20)))
        assert key_server.asked == 1
        key_server.publish(one=RSA, two=RSA_2)
        with pytest.raises(Unauthenticated):  # at most one fetch a minute
            await issuers.verify(second)
        assert key_server.asked == 1
        clock.move(seconds=60)
        assert (await issuers.verify(second)).subject == "s-1"
        assert key_server.asked == 2
        for _ in range(50):
            with pytest.raises(Unauthenticated):
                await issuers.verify(token(RSA_2, headers={"kid": "three"}))
        assert key_server.asked == 2

    with_keys(key_server, work)


def test_a_withdrawn_key_stops_working_within_the_hour(key_server: KeyServer) -> None:
    key_server.publish(one=RSA)

    async def work(issuers: Issuers, clock: Clock) -> None:
        await issuers.verify(token(headers={"kid": "one"}))
        key_server.publish(two=RSA_2)
        await issuers.verify(token(headers={"kid": "one"}))
        clock.move(hours=1)
        with pytest.raises(Unauthenticated):
            await issuers.verify(token(headers={"kid": "one"}))

    with_keys(key_server, work)


def test_known_keys_outlive_an_issuer_that_is_down_for_a_day(key_server: KeyServer) -> None:
    key_server.publish(one=RSA)
    text = token(headers={"kid": "one"})

    async def work(issuers: Issuers, clock: Clock) -> None:
        await issuers.verify(text)
        key_server.answer = (500, {}, b"")
        clock.move(hours=23)
        assert (await issuers.verify(text)).subject == "s-1"
        clock.move(hours=1)
        with pytest.raises(OutgoingFailed):
            await issuers.verify(text)

    with_keys(key_server, work)


@pytest.mark.parametrize(("algorithm", "key"), [("RS256", RSA), ("ES256", EC), ("EdDSA", ED)])
def test_only_keys_of_the_fixed_algorithm_are_used(key_server: KeyServer, algorithm: str, key: Any) -> None:
    key_server.publish(rsa=RSA, ec=EC, ed=ED, secret=SECRET)

    async def work(issuers: Issuers, clock: Clock) -> None:
        id_ = {"RS256": "rsa", "ES256": "ec", "EdDSA": "ed"}[algorithm]
        assert (await issuers.verify(token(key, algorithm, {"kid": id_}))).subject == "s-1"
        assert (await issuers.verify(token(key, algorithm))).subject == "s-1"  # the only one that fits
        for other in ({"rsa", "ec", "ed", "secret"} - {id_}) | {"x"}:
            with pytest.raises(Unauthenticated):
                await issuers.verify(token(key, algorithm, {"kid": other}))
        with pytest.raises(Unauthenticated):
            await issuers.verify(token(SECRET, "HS256", {"kid": "secret"}))

    with_keys(key_server, work, algorithm=algorithm)


def test_a_key_for_encryption_signs_nothing(key_server: KeyServer) -> None:
    key_server.publish(one=RSA)
    key_server.keys[0]["use"] = "enc"

    async def work(issuers: Issuers, clock: Clock) -> None:
        with pytest.raises(Unauthenticated):
            await issuers.verify(token(headers={"kid": "one"}))

    with_keys(key_server, work)


@pytest.mark.parametrize(
    "answer",
    [
        (404, {}, b"{}"),
        (302, {"Location": "http://127.0.0.1:1/"}, b""),
        (200, {}, b"not json"),
        (200, {}, b"\xff" * 100),
        (200, {}, b'{"keys": [' + b" " * 1_100_000 + b"]}"),
    ],
)
def test_an_issuer_that_answers_badly_is_said_without_its_address(
    key_server: KeyServer, answer: tuple[int, dict[str, str], bytes]
) -> None:
    key_server.answer = answer

    async def work(issuers: Issuers, clock: Clock) -> None:
        with pytest.raises(OutgoingFailed) as failed:
            await issuers.verify(token(headers={"kid": "one"}))
        assert failed.value.status == 503
        assert "127.0.0.1" not in failed.value.sentence

    with_keys(key_server, work)


@pytest.mark.parametrize(
    "found", [[], None, 5, {"keys": 5}, {"keys": [None, 5, {}, {"kty": "RSA", "n": "!"}]}]
)
def test_keys_that_make_no_sense_let_nobody_in(key_server: KeyServer, found: object) -> None:
    key_server.answer = (200, {}, json.dumps(found).encode())

    async def work(issuers: Issuers, clock: Clock) -> None:
        with pytest.raises(Unauthenticated):
            await issuers.verify(token(headers={"kid": "one"}))

    with_keys(key_server, work)


def test_the_way_out_leads_only_to_configured_hosts(key_server: KeyServer) -> None:
    async def work() -> None:
        closed = Outgoing(["login.example.org"])
        for url in (
            key_server.url,
            "http://login.example.org/",
            "ftp://login.example.org/",
            "nonsense",
            "https://u:p@login.example.org",
        ):
            with pytest.raises(OutgoingFailed):
                await closed.get_json(url)
        assert key_server.asked == 0
        await closed.close()

    asyncio.run(work())


# The file.


def entry(**changes: Any) -> dict[str, Any]:
    given = json.loads(issuer().model_dump_json(exclude_unset=True)) | changes
    return {name: value for name, value in given.items() if value is not ...}


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "wrong"),
        (b"{", "wrong"),
        (b"{}", "wrong"),
        ([entry(issuer="")], "issuer"),
        ([entry(audience=...)], "audience"),
        ([entry(algorithm="none")], "algorithm"),
        ([entry(algorithm="HS256")], "HS256 goes with a secret"),
        ([entry(pem=..., secret=SECRET)], "HS256 goes with a secret"),
        ([entry(pem=...)], "exactly one"),
        ([entry(secret=SECRET)], "exactly one"),
        ([entry(pem=..., jwks_url="http://login.example.org/jwks")], "https"),
        ([entry(pem=..., jwks_url="https://user:pw@login.example.org/jwks")], "without a password"),
        ([entry(tenants=[])], "tenants"),
        ([entry(max_role="root")], "max_role"),
        ([entry(surprise=1)], "surprise"),
    ],
)
def test_a_file_that_makes_no_sense_stops_the_start_with_one_sentence(
    tmp_path: Path, content: object, why: str
) -> None:
    path = tmp_path / "issuers.json"
    path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())

    with pytest.raises(BadIssuers, match=why) as refused:
        load_issuers(path)

    assert SECRET not in refused.value.sentence
    assert "\n" not in refused.value.sentence


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"algorithm": "HS256", "secret": "changeme"}, "well known"),
        ({"algorithm": "HS256", "secret": ""}, "well known"),
        ({"algorithm": "HS256", "secret": "secret" * 10}, "well known"),
        ({"pem": "nonsense"}, "no public key"),
        ({"pem": pem(EC)}, "no key for RS256"),
        ({"algorithm": "ES256", "pem": pem(RSA)}, "no key for ES256"),
        ({"algorithm": "ES256", "pem": pem(ec.generate_private_key(ec.SECP384R1()))}, "no key for ES256"),
        ({"pem_file": "/nowhere/at/all.pem"}, "cannot be read"),
    ],
)
def test_a_poor_key_stops_the_start(fields: dict[str, Any], why: str) -> None:
    with pytest.raises(BadIssuers, match=why):
        Issuers((issuer(**fields),), Clock())


def test_a_file_with_a_secret_is_its_owners_only(tmp_path: Path) -> None:
    path = tmp_path / "issuers.json"
    path.write_text(json.dumps([entry(pem=..., algorithm="HS256", secret=SECRET)]))
    path.chmod(0o644)
    with pytest.raises(BadIssuers, match="chmod 600"):
        load_issuers(path)

    path.chmod(0o600)

    assert [one.secret for one in load_issuers(path)] == [SECRET]
    assert SECRET not in repr(load_issuers(path))
    assert load_issuers(None) == ()
    with pytest.raises(BadIssuers, match="cannot be read"):
        load_issuers(tmp_path / "nowhere")
    with pytest.raises(BadIssuers, match="twice"):
        Issuers((issuer(), issuer()), Clock())


def test_secrets_and_keys_may_stand_in_files_of_their_own(tmp_path: Path) -> None:
    secret, key = tmp_path / "secret", tmp_path / "key.pem"
    secret.write_text(SECRET + "\n")
    key.write_text(pem(RSA))

    assert verified(issuer(algorithm="HS256", secret_file=secret), token(SECRET, "HS256")).subject == "s-1"
    assert verified(issuer(pem_file=key), token()).subject == "s-1"


# The user behind a token.


def identity(**fields: Any) -> Identity:
    given: dict[str, Any] = {
        "issuer": NAME,
        "subject": "s-1",
        "tenant": "default",
        "role": "editor",
        "email": "ana@example.org",
        "name": "Ana",
        "attributes": {"region": "norte"},
        "expires_at": START,
    }
    return Identity(**(given | fields))


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'tesela.db'}"


def test_the_first_sight_makes_the_user_and_its_tenant(url: str) -> None:
    async def work(world: World) -> None:
        found = await asyncio.gather(
            *(user_of_identity(world.store, world.clock, identity(tenant="north")) for _ in range(5))
        )

        assert len({one.id for one in found}) == 1
        assert (found[0].role, found[0].attributes) == ("editor", {"region": "norte"})
        assert (found[0].issuer, found[0].subject) == (NAME, "s-1")
        [north] = await world.store.read(lambda tx: tx.tenants.list())
        assert (north.name, found[0].tenant_id) == ("north", north.id)

    in_world(url, work)


def test_each_token_says_anew_what_its_user_may(url: str) -> None:
    async def work(world: World) -> None:
        first = await user_of_identity(world.store, world.clock, identity())
        world.heard.clear()
        same = await user_of_identity(world.store, world.clock, identity())
        assert (same, world.heard) == (first, [])

        other = identity(role="viewer", attributes={}, email="", name="")
        after = await user_of_identity(world.store, world.clock, other)

        assert (after.id, after.role, after.attributes) == (first.id, "viewer", {})
        assert (after.email, after.name) == ("ana@example.org", "Ana")

    in_world(url, work)


def test_a_subject_of_another_issuer_is_refused_in_the_tenant_only(url: str) -> None:
    async def work(world: World) -> None:
        await user_of_identity(world.store, world.clock, identity())
        evil = identity(issuer="https://other.example.org", email="other@example.org", role="admin")

        with pytest.raises(Unauthenticated, match="another issuer"):
            await user_of_identity(world.store, world.clock, evil)
        found = await user_of_identity(
            world.store, world.clock, identity(issuer="https://other.example.org", tenant="south")
        )

        assert found.issuer == "https://other.example.org"

    in_world(url, work)


def test_a_token_does_not_take_over_an_account_by_its_address(url: str) -> None:
    async def work(world: World) -> None:
        await world.add(tenant(), user("ana", role="admin"))

        with pytest.raises(Unauthenticated, match="another account"):
            await user_of_identity(world.store, world.clock, identity(email="ANA@example.org"))
        with pytest.raises(Unauthenticated, match="another account"):
            await user_of_identity(world.store, world.clock, identity(subject="s-2"))

        assert len(await world.store.read(lambda tx: tx.users.list("default"))) == 1

    in_world(url, work)


def test_an_inactive_user_or_suspended_tenant_stays_out(url: str) -> None:
    async def work(world: World) -> None:
        from dataclasses import replace

        store, clock = world.store, world.clock
        found = await user_of_identity(store, clock, identity())
        await store.write(lambda tx: tx.users.save(replace(found, is_active=False)))
        with pytest.raises(Unauthenticated, match="not active"):
            await user_of_identity(store, clock, identity())
        with pytest.raises(Unauthenticated, match="not active"):
            await user_of_identity(store, clock, identity(role="admin"))
        await store.write(lambda tx: tx.users.save(found))
        await store.write(lambda tx: tx.tenants.suspend("default", is_suspended=True))
        for one in (identity(), identity(subject="s-2", email="b@example.org")):
            with pytest.raises(Unauthenticated):
                await user_of_identity(store, clock, one)

    in_world(url, work)
