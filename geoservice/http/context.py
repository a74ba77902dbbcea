"""What every resource is given."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from geoservice.catalog.layer import Layer
from geoservice.catalog.load import Catalog
from geoservice.database.engine import Pool
from geoservice.errors import DatabaseUnavailable
from geoservice.http.warm import Warm
from geoservice.persian.postal_code import DEFAULT_PATTERN
from geoservice.publish.backdrop import Backdrops
from geoservice.publish.counts import Counts
from geoservice.publish.dimensions import Dimensions
from geoservice.publish.styles.breaks import Breaks
from geoservice.publish.summary import Summaries


@dataclass(slots=True)
class Context:
    """The catalog, the database, what is remembered, and the public URL if it is fixed.

    A request keeps the context that it began with; changed declarations make a new one.
    `untracked`: why tables have no version, by name. `failing`: why a served layer could not be
    described when it was last tried, by id. `look` holds the declarations against files and
    database at once, and gives the context that is right then; `hurry` has that done soon.
    `opened` is the pool between start-up and shutdown, `opened_long` that of answers that may take
    long, `opened_for_tiles` that of tiles, `opened_for_geocoding` that of searches for addresses,
    `opened_for_edits` that of editing, which is on where there is an `edit_key`. `warmed` is what
    is kept of tiles, `archives_dir` has PMTiles files, `postal_code_pattern` is the rule for postal
    codes, `licence` that of what the geocoder knows.
    """

    catalog: Catalog
    database_url: str
    migrations_dir: Path
    base_url: str | None
    untracked: Mapping[str, str] = field(default_factory=dict)
    failing: dict[str, str] = field(default_factory=dict)
    look: Callable[[], Awaitable[Context]] | None = None
    hurry: Callable[[], None] | None = None
    opened: Pool | None = None
    opened_long: Pool | None = None
    opened_for_tiles: Pool | None = None
    opened_for_geocoding: Pool | None = None
    archives_dir: Path | None = None
    edit_key: str | None = field(default=None, repr=False)
    opened_for_edits: Pool | None = None
    postal_code_pattern: str = DEFAULT_PATTERN
    counts: Counts = field(default_factory=Counts)
    dimensions: Dimensions = field(default_factory=Dimensions)
    summaries: Summaries = field(init=False)
    backdrops: Backdrops = field(default_factory=Backdrops)
    breaks: Breaks = field(default_factory=Breaks)
    warmed: Warm | None = None
    licence: str | None = None

    def __post_init__(self) -> None:
        self.summaries = Summaries(self.counts)

    def with_catalog(self, catalog: Catalog, untracked: Mapping[str, str]) -> Context:
        """The same with other layers; what is remembered of those that stayed is kept."""
        made = replace(self, catalog=catalog, untracked=untracked, failing={})
        made.summaries = self.summaries
        return made

    def editable(self, layer: Layer) -> bool:
        """Whether requests may write the layer's features."""
        return self.edit_key is not None and layer.editable

    @property
    def editing(self) -> bool:
        """Whether requests may write any."""
        return any(map(self.editable, self.catalog.layers.values()))

    @property
    def warm(self) -> Warm:
        """What is kept of tiles; DatabaseUnavailable before the service is put together."""
        if self.warmed is None:
            raise DatabaseUnavailable("the service has not started, or is stopping")
        return self.warmed

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

    def pool_for(self, *, long: bool) -> Pool:
        """The pool for an answer: long ones have connections of their own, so that slow clients of
        theirs starve nobody else.
        """
        return self.long_pool if long else self.pool

    @property
    def tile_pool(self) -> Pool:
        """The open pool for tiles: a rush for those that nobody has starves nobody else."""
        return _open(self.opened_for_tiles)

    @property
    def geocoding_pool(self) -> Pool:
        """The open pool for searches, whose statements are planned once."""
        return _open(self.opened_for_geocoding)

    @property
    def long_pool(self) -> Pool:
        """The open pool for answers of any length; DatabaseUnavailable likewise."""
        return _open(self.opened_long)


def _open(pool: Pool | None) -> Pool:
    if pool is None:
        raise DatabaseUnavailable("the service has not started, or is stopping")
    return pool
