"""What was asked: the parts of an ASGI scope that resources look at."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Mapping, MutableMapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode

from geoservice import __version__
from geoservice.errors import InvalidParameter, PreconditionFailed
from geoservice.http.coding import accepted

Scope = MutableMapping[str, Any]

_HOST = re.compile(r"[A-Za-z0-9.\-_]+(:\d{1,5})?|\[[0-9A-Fa-f:.]+\](:\d{1,5})?")


@dataclass(frozen=True, slots=True)
class Asked:
    """Path, query string, headers (names in lower case) and the public URL of the service."""

    path: str
    query: bytes
    headers: dict[str, str]
    base: str

    @classmethod
    def of(cls, scope: Scope, base_url: str | None) -> Asked:
        """Read a scope; `base_url` wins over what proxy and client say of themselves."""
        headers = {
            name.decode("latin-1").lower(): value.decode("latin-1")
            for name, value in scope["headers"]
        }
        return cls(
            scope["path"],
            scope.get("query_string", b""),
            headers,
            base_url.rstrip("/") if base_url else _base(scope, headers),
        )

    @property
    def url(self) -> str:
        """The absolute URL of the resource, without its query."""
        return self.base + self.path

    def parameters(
        self, allowed: Collection[str], repeated: Collection[str] = ()
    ) -> dict[str, str]:
        """The query's parameters; InvalidParameter if one is not `allowed` or comes twice.

        Those that may be `repeated` are left to `several`.
        """
        found: dict[str, str] = {}
        for name, value in self._pairs():
            if name in repeated:
                continue
            if name not in allowed:
                raise InvalidParameter(
                    name,
                    value,
                    f"there is no parameter «{name}» here",
                    sorted({*allowed, *repeated}),
                )
            if name in found:
                raise InvalidParameter(name, value, f"«{name}» is given twice: give it once")
            if "\x00" in value:
                raise InvalidParameter(name, value, f"«{name}» holds a null character")
            found[name] = value
        return found

    def several(self, name: str) -> list[str]:
        """The values of a parameter that may be repeated, in order; InvalidParameter for a null."""
        values = [value for each, value in self._pairs() if each == name]
        for value in values:
            if "\x00" in value:
                raise InvalidParameter(name, value, f"«{name}» holds a null character")
        return values

    def _pairs(self) -> list[tuple[str, str]]:
        try:
            return parse_qsl(self.query.decode(), keep_blank_values=True, errors="strict")
        except (UnicodeDecodeError, ValueError) as error:
            raise InvalidParameter(
                "query", self.query.decode("latin-1"), "the query is not UTF-8, percent-encoded"
            ) from error

    def said(self, name: str) -> str | None:
        """One parameter of the query, before it is known which others there may be."""
        pairs = parse_qsl(self.query.decode("latin-1"), keep_blank_values=True)
        return next((value for each, value in pairs if each == name), None)

    def with_query(self, parameters: dict[str, str]) -> str:
        """The resource's absolute URL with other parameters, in one order for equal ones."""
        query = urlencode(sorted(parameters.items()))
        return f"{self.url}?{query}" if query else self.url

    @property
    def coding(self) -> str | None:
        """The content coding that the client takes and we do; None for plain."""
        return accepted(self.headers.get("accept-encoding", ""))

    def etag(self, *parts: object) -> str | None:
        """`tag`; None if a part is None, as the version is of a table whose changes go unseen."""
        return None if None in parts else self.tag(*parts)

    def tag(self, *parts: object) -> str:
        """A strong entity tag of the representation that is made of these parts alone.

        The software's version and the content coding are always among them.
        """
        return tag_in(self.coding, *parts)

    def has(self, etag: str | None) -> bool:
        """Whether the client says that it holds this representation already; never without one.

        PreconditionFailed where it asks for another alone (`If-Match`; RFC 9110, 13.1.1).
        """
        wanted = _tags(self.headers.get("if-match", "*"))
        if not {"*", etag} & wanted:
            raise PreconditionFailed(
                f"what is here now is none of what If-Match asks for; its ETag is {etag or 'none'}"
            )
        held = _tags(self.headers.get("if-none-match", ""))
        return etag is not None and bool({"*", etag, f"W/{etag}"} & held)

    def preferred(self, offers: dict[str, str]) -> str:
        """The format that `f` or else Accept asks for; the first of the offers if neither does.

        `offers` maps the values of `f` to media types. InvalidParameter if `f` is none of them.
        """
        if (asked := self.said("f")) is not None:
            return one_of("f", asked, offers)
        accepted: dict[str, float] = {}
        for part in self.headers.get("accept", "*/*").split(","):
            kind, *rest = [piece.strip().lower() for piece in part.split(";")]
            accepted[kind] = min(max(_quality(rest), 0.0), 1.0)
        best = max(offers, key=lambda name: _liking(accepted, name, offers[name]))
        # The first of equals; and the first of all where nothing fits, rather than no answer.
        return best if _liking(accepted, best, offers[best]) > 0 else next(iter(offers))


def _tags(header: str) -> set[str | None]:
    return {tag.strip() for tag in header.split(",")}


def tag_in(coding: str | None, *parts: object) -> str:
    """A strong entity tag of what is made of these parts, in that coding."""
    digest = hashlib.blake2b(digest_size=12)
    for part in (__version__, *parts):
        digest.update(repr(part).encode("utf-8", "surrogatepass") + b"\x00")
    return f'"{digest.hexdigest()}-{coding}"' if coding else f'"{digest.hexdigest()}"'


def _liking(accepted: Mapping[str, float], name: str, media_type: str) -> float:
    """How much a client likes a format: by the most particular of what its Accept says."""
    kind = media_type.partition(";")[0]
    # Whoever asks for JSON is content with a format that is JSON.
    names = (kind, "application/json") if name == "json" else (kind,)
    for each in (*names, f"{kind.partition('/')[0]}/*", "*/*"):
        if each in accepted:
            return accepted[each]
    return 0.0


def one_of(parameter: str, value: str, allowed: Collection[str]) -> str:
    """`value` if it is allowed; InvalidParameter names what is."""
    if value not in allowed:
        raise InvalidParameter(
            parameter,
            value,
            f"«{parameter}» cannot be «{value}»; it can be: {', '.join(allowed)}",
            tuple(allowed),
        )
    return value


def _base(scope: Scope, headers: dict[str, str]) -> str:
    scheme = (
        headers.get("x-forwarded-proto", str(scope.get("scheme", "http"))).split(",")[0].strip()
    )
    host = headers.get("x-forwarded-host", headers.get("host", "")).split(",")[0].strip()
    if not _HOST.fullmatch(host):
        name, port = scope.get("server") or ("localhost", None)
        host = f"{name}:{port}" if port else name
    return f"{'https' if scheme == 'https' else 'http'}://{host}"


def _quality(parameters: list[str]) -> float:
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            try:
                return float(value)
            except ValueError:
                return 0.0
    return 1.0
