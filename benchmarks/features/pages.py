"""Milliseconds of one request on a warm connection: a first page, and a page deep in a walk."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import psycopg

from benchmarks.figures import Bench, median, shown, table, verdict
from benchmarks.load import Client
from benchmarks.served import OURS, Server

_PAGE, _DEEP = 100, 5_000


def first(bench: Bench) -> str:
    """limit=10 without a filter, of the whole table."""
    took: dict[str, list[float]] = {name: [] for name in bench.servers}
    for _ in range(bench.rounds):
        for server in bench.servers.values():
            took[server.name] += _timed(server, "limit=10", warm=3, asked=10)
    counted = _counts(bench)
    rows = [
        (name, shown(figures), verdict(median(figures) <= 5) + " (≤ 5 ms)" if name == OURS else "")
        for name, figures in took.items()
    ]
    said = table(("limit=10 of all points, 1 client", "ms", ""), rows)
    return f"{said}\n\nScans of the points while ours answered 50 such requests: {counted}."


def _counts(bench: Bench) -> str:
    """What PostgreSQL's own statistics say was read: a count(*) would read every row."""
    server = bench.servers[OURS]
    before = _read(bench.url)
    _timed(server, "limit=10", warm=0, asked=50)
    scans, rows = (after - was for after, was in zip(_read(bench.url), before, strict=True))
    return f"{scans:,} sequential, {rows:,} rows read ({rows / 50:,.0f} a request)"


def _read(url: str) -> tuple[int, int]:
    """Sequential scans of the points, and rows that scans of any kind have returned."""
    with psycopg.connect(url) as connection:
        connection.execute("SELECT pg_sleep(11)")  # idle backends report after ten seconds
        row = connection.execute(
            "SELECT t.seq_scan, t.seq_tup_read + (SELECT sum(idx_tup_read) "
            "FROM pg_stat_user_indexes i WHERE i.relid = t.relid)::bigint "
            "FROM pg_stat_user_tables t WHERE t.relid = 'public.point'::regclass"
        ).fetchone()
    return (int(row[0]), int(row[1])) if row else (0, 0)


def keyset(bench: Bench) -> str:
    """Page 1 and page 5,000 of a walk by `next`; for the peers, which have none, by offset."""
    server = bench.servers[OURS]
    with psycopg.connect(bench.url) as connection:
        found = connection.execute("SELECT count(*) FROM public.point").fetchone()
    deep = min(_DEEP, (found[0] if found else 0) // _PAGE - 1)
    paths = {OURS: (server.items("point", f"limit={_PAGE}"), _walked(server, deep))}
    for peer in bench.servers.values():
        if peer.name != OURS:
            start = peer.items("point", f"limit={_PAGE}")
            paths[peer.name] = (start, f"{start}&offset={(deep - 1) * _PAGE}")
    took: dict[tuple[str, int], list[float]] = {}
    for _ in range(bench.rounds):
        for name, both in paths.items():
            client = Client(bench.servers[name].base)
            for page, path in enumerate(both):
                client.timed([path])
                took.setdefault((name, page), []).extend(client.timed([path] * 10))
    rows = []
    for name in paths:
        times = median(took[name, 1]) / median(took[name, 0])
        said = f"{times:.2f}×" + (f", {verdict(times <= 1.15)} (≤ 1.15×)" if name == OURS else "")
        rows.append((name, shown(took[name, 0]), shown(took[name, 1]), said))
    head = (f"{_PAGE} points a page, 1 client", "page 1, ms", f"page {deep:,}, ms", "deep is")
    return table(head, rows)


def _walked(server: Server, pages: int) -> str:
    """The path of that page, having followed every `next` to it; no id comes twice."""
    client = Client(server.base)
    path, seen = server.items("point", f"limit={_PAGE}"), 0
    for _ in range(pages - 1):
        page = client.json(path)
        seen += len(page["features"])
        path = _next(page)
    if seen != (pages - 1) * _PAGE:
        raise SystemExit(f"the walk saw {seen} features on {pages - 1} pages of {_PAGE}")
    return path


def _next(page: dict[str, Any]) -> str:
    href = next(str(link["href"]) for link in page["links"] if link["rel"] == "next")
    parts = urlsplit(href)
    return f"{parts.path}?{parts.query}"


def _timed(server: Server, query: str, *, warm: int, asked: int) -> list[float]:
    client = Client(server.base)
    path = server.items("point", query)
    client.timed([path] * warm)
    return client.timed([path] * asked)
