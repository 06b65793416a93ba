"""Groups of rows or columns: the depth of each position decides them all."""

from __future__ import annotations

from ponts_flows.sandbox.sheets.a1 import Json


def added(groups: list[Json], sheet: int, dimension: str, start: int, end: int) -> list[Json]:
    """The groups after one more over positions `start` to `end` (exclusive)."""
    depths = _depths(groups)
    for position in range(start, end):
        depths[position] = depths.get(position, 0) + 1
    return _groups(depths, groups, sheet, dimension)


def removed(groups: list[Json], sheet: int, dimension: str, start: int, end: int) -> list[Json]:
    """The groups after one level less over positions `start` to `end` (exclusive)."""
    depths = _depths(groups)
    for position in range(start, end):
        depths[position] = max(0, depths.get(position, 0) - 1)
    return _groups(depths, groups, sheet, dimension)


def _depths(groups: list[Json]) -> dict[int, int]:
    depths: dict[int, int] = {}
    for group in groups:
        for position in range(group["range"]["startIndex"], group["range"]["endIndex"]):
            depths[position] = max(depths.get(position, 0), group["depth"])
    return depths


def _groups(depths: dict[int, int], old: list[Json], sheet: int, dimension: str) -> list[Json]:
    collapsed = {
        (g["range"]["startIndex"], g["range"]["endIndex"], g["depth"]) for g in old if g.get("collapsed")
    }
    found: list[Json] = []
    for depth in range(1, max(depths.values(), default=0) + 1):
        for start, end in _runs(sorted(p for p, d in depths.items() if d >= depth)):
            place = {"sheetId": sheet} if sheet else {}
            group: Json = {
                "range": {**place, "dimension": dimension, "startIndex": start, "endIndex": end},
                "depth": depth,
            }
            found.append({**group, "collapsed": True} if (start, end, depth) in collapsed else group)
    return found


def _runs(positions: list[int]) -> list[tuple[int, int]]:
    runs: list[tuple[int, int]] = []
    for position in positions:
        if runs and runs[-1][1] == position:
            runs[-1] = (runs[-1][0], position + 1)
        else:
            runs.append((position, position + 1))
    return runs
