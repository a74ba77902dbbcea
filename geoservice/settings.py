"""One frozen Settings, read from the environment and `.env`; values travel on as arguments."""

from __future__ import annotations

import re
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from geoservice.errors import InvalidDeclaration

Network = IPv4Network | IPv6Network

_PACKAGE = Path(__file__).resolve().parent


def _shipped(name: str) -> Path:
    """A directory that lies beside the package in a checkout and inside it in a wheel."""
    inside = _PACKAGE / name
    return inside if inside.is_dir() else _PACKAGE.parent / name


def _home() -> Path:
    """One place wherever a command is run: the checkout's own, else the user's."""
    checkout = _PACKAGE.parent
    return (checkout if (checkout / "pyproject.toml").is_file() else Path.home()) / ".geoservice"


class Settings(BaseSettings):
    """What can be set from outside; each has a `GEOSERVICE_` variable, but for DATABASE_URL."""

    model_config = SettingsConfigDict(
        env_prefix="GEOSERVICE_", env_file=".env", frozen=True, extra="ignore"
    )

    database_url: str | None = Field(
        default=None,
        validation_alias="DATABASE_URL",
        description="PostgreSQL to use; without it a private cluster under home",
    )
    home: Path = Field(
        default_factory=_home,
        description="where the embedded cluster and its password live",
    )
    host: str = Field(default="127.0.0.1", description="address that `serve` listens on")
    port: int = Field(default=8000, ge=1, le=65535, description="port that `serve` listens on")
    workers: int = Field(default=1, ge=1, description="processes that serve")
    pool_size: int = Field(default=4, ge=1, description="database connections of each process")
    long_pool_size: int = Field(
        default=2,
        ge=1,
        description="connections of each process for files and pages over 1,000 features",
    )
    tile_pool_size: int = Field(
        default=2,
        ge=1,
        description="connections of each process for tiles, so that a rush for new ones leaves "
        "those of other requests alone; more than processors only make them wait for each other",
    )
    pool_wait_s: float = Field(
        default=30,
        gt=0,
        description="how long a request waits while all of these are busy, in seconds",
    )
    tile_memory_mb: int = Field(
        default=64, ge=0, description="memory of each process for tiles that it keeps, in MiB"
    )
    tile_cache_dir: Path | None = Field(
        default=None,
        description="directory in which all processes keep tiles, over restarts too; none without",
    )
    tile_cache_mb: int = Field(
        default=1024, ge=1, description="how much that directory may hold, in MiB"
    )
    base_url: str | None = Field(
        default=None, description="public URL, where a proxy makes it differ from the request's"
    )
    trusted_proxies: str = Field(
        default="127.0.0.0/8, ::1",
        description="addresses or networks whose X-Forwarded-… headers are believed; * is all",
    )
    layers_dir: Path = Field(
        default_factory=lambda: _shipped("layers"), description="layer declarations"
    )
    styles_dir: Path | None = Field(
        default=None, description="styles of the layers; those beside the layers without it"
    )
    migrations_dir: Path = Field(
        default_factory=lambda: _shipped("migrations"), description="Alembic's migrations"
    )
    sample_dir: Path = Field(
        default_factory=lambda: _shipped("sample"), description="the sample that `demo` loads"
    )
    archives_dir: Path | None = Field(
        default=None, description="directory of PMTiles files that are served; none without it"
    )
    postal_code_pattern: str | None = Field(
        default=None, description="regular expression of the ten digits of a postal code"
    )

    licence: str | None = Field(
        default=None, description="licence of the addresses and places that the geocoder tells"
    )
    edit_key: SecretStr | None = Field(
        default=None, description="key that opens editing, 16 characters or more; off without it"
    )

    @property
    def styles(self) -> Path:
        """The directory of styles: the one that was named, or `styles` beside the layers."""
        return self.styles_dir or self.layers_dir.parent / "styles"

    @property
    def proxies(self) -> tuple[Network, ...]:
        """The networks of `trusted_proxies`."""
        return _networks(self.trusted_proxies)

    @field_validator("trusted_proxies")
    @classmethod
    def _are_networks(cls, text: str) -> str:
        _networks(text)
        return text

    @field_validator("styles_dir", "archives_dir")
    @classmethod
    def _is_a_directory(cls, path: Path | None) -> Path | None:
        if path is not None and not path.is_dir():
            raise ValueError(f"{path} is not a directory")
        return path

    @field_validator("edit_key")
    @classmethod
    def _is_hard_to_guess(cls, key: SecretStr | None) -> SecretStr | None:
        if key is None or not key.get_secret_value():
            return None
        if not re.fullmatch(r"[!-~]{16,}", key.get_secret_value()):
            raise ValueError("16 or more characters of ASCII without spaces are expected")
        return key

    @field_validator("database_url")
    @classmethod
    def _is_postgresql(cls, url: str | None) -> str | None:
        if url is not None and not url.startswith(("postgresql://", "postgres://")):
            raise ValueError("a URL is expected: postgresql://user:password@host:port/database")
        return url

    @field_validator("postal_code_pattern")
    @classmethod
    def _compiles(cls, pattern: str | None) -> str | None:
        try:
            re.compile(pattern or "")
        except re.error as error:
            raise ValueError(f"it is not a regular expression: {error}") from None
        return pattern


def _networks(text: str) -> tuple[Network, ...]:
    if text.strip() == "*":
        return ip_network("0.0.0.0/0"), ip_network("::/0")
    return tuple(ip_network(part.strip()) for part in text.split(",") if part.strip())


def read_settings() -> Settings:
    """The settings of this process; InvalidDeclaration names each one that is wrong."""
    try:
        return Settings()
    except ValidationError as error:
        faults = (
            f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}"  # not the value: it may be secret
            for fault in error.errors()
        )
        raise InvalidDeclaration("settings: " + "; ".join(faults)) from error
