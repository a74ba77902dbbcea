"""What every resource is given."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from geoservice.catalog.layer import Layer
from geoservice.catalog.load import Catalog
from geoservice.database.engine import Pool
from geoservice.errors import DatabaseUnavailable
from geoservice.publish.counts import Counts
from geoservice.publish.summary import Summaries


@dataclass(slots=True)
class Context:
    """The catalog, the database, what is remembered, and the public URL if it is fixed.

    `opened` is the pool between start-up and shutdown, `opened_long` that of answers that may
    take long, `opened_for_edits` that of editing, which is on where there is an `edit_key`.
    """

    catalog: Catalog
    database_url: str
    migrations_dir: Path
    base_url: str | None
    opened: Pool | None = None
    opened_long: Pool | None = None
    edit_key: str | None = field(default=None, repr=False)
    opened_for_edits: Pool | None = None
    counts: Counts = field(default_factory=Counts)
    summaries: Summaries = field(init=False)

    def __post_init__(self) -> None:
        self.summaries = Summaries(self.counts)

    def editable(self, layer: Layer) -> bool:
        """Whether requests may write the layer's features."""
        return self.edit_key is not None and layer.editable

    @property
    def editing(self) -> bool:
        """Whether requests may write any."""
        return any(map(self.editable, self.catalog.layers.values()))

    @property
    def pool_for_edits(self) -> Pool:
        """The open pool of editing; DatabaseUnavailable without it."""
        if self.opened_for_edits is None:
            raise DatabaseUnavailable("editing has not started, or is stopping")
        return self.opened_for_edits

    @property
    def pool(self) -> Pool:
        """The open pool; DatabaseUnavailable before start-up and after shutdown."""
        return _open(self.opened)

    @property
    def long_pool(self) -> Pool:
        """The open pool for answers of any length; DatabaseUnavailable likewise."""
        return _open(self.opened_long)


def _open(pool: Pool | None) -> Pool:
    if pool is None:
        raise DatabaseUnavailable("the service has not started, or is stopping")
    return pool
