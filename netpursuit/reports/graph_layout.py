"""Where the nodes of a picture stand: near what they hang on, none upon another. Pure; the same graph, the same places.

Each connected part is laid out by stress majorization (Gansner, Koren, North 2004: distances on paper like distances in
the graph), the best of a few seeded beginnings; boxes that overlap are pushed apart, and the parts packed in rows.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import networkx

    Floats = np.ndarray[tuple[int, ...], np.dtype[np.float64]]

_CROWD = 5  # links of a node that fit around it at their ordinary length; of more, each is longer
_BEGINNINGS = 4
_WORK = 12_000_000  # pairs of nodes moved in all for one beginning
_PUSHES = 50  # rounds of pushing before the whole part is stretched
_STRETCH = 1.12
_GAP = 36.0  # between parts
_APART = 110.0  # between most neighbours that somebody has placed
_LARGEST = 5_000.0  # of a picture that somebody has laid out
_WIDE = 1.5  # width of the whole to its height, about that of a page on its side


Places = Mapping[str, tuple[float, float]]
"""Where somebody has put nodes, by key: x to the right, y upwards, of any scale."""


@dataclass(frozen=True, slots=True)
class Layout:
    """The middle of each node's box, by key, within ``width`` by ``height``."""

    places: Mapping[str, tuple[float, float]]
    width: float
    height: float


def lay_out(boxes: Mapping[str, tuple[float, float]], links: Iterable[tuple[str, str]], length: float) -> Layout:
    """Places for boxes (key -> width, height) that ``links`` of about this length join; no two boxes overlap.

    Empty: nothing, of no size.
    """
    import networkx

    graph: networkx.Graph[str] = networkx.Graph()
    graph.add_nodes_from(sorted(boxes))
    graph.add_edges_from(sorted((min(pair), max(pair)) for pair in links if pair[0] != pair[1]))
    for one, other in graph.edges:
        most = max(graph.degree(one), graph.degree(other))
        graph.edges[one, other]["length"] = length * max(1.0, math.sqrt(most / _CROWD))
    parts = sorted((sorted(part) for part in networkx.connected_components(graph)), key=lambda keys: (-len(keys), keys))
    laid = []
    for keys in parts:
        sizes = np.array([boxes[key] for key in keys], dtype=np.float64)
        laid.append((keys, sizes, _part(graph, keys, sizes)))
    return _pack(laid)


def as_placed(boxes: Mapping[str, tuple[float, float]], given: Places) -> Layout:
    """The boxes where somebody has put them, on a scale at which most neighbours stand apart; whatever has no place
    stands in a row below."""
    keys = sorted(key for key in boxes if key in given)
    loose = sorted(boxes.keys() - set(keys))
    if not keys:
        return _pack([([key], np.array([boxes[key]]), np.zeros((1, 2))) for key in loose])
    at = np.array([given[key] for key in keys], dtype=np.float64) * (1.0, -1.0)
    sizes = np.array([boxes[key] for key in keys], dtype=np.float64)
    spread = max(float(np.ptp(at, axis=0).max()), 1e-9)
    at = (at - at.min(axis=0)) / spread  # within 0 to 1, whatever the scale was
    across = np.hypot(*(at[:, None, :] - at[None, :, :]).transpose(2, 0, 1))
    np.fill_diagonal(across, np.inf)
    near = float(np.median(across.min(axis=1))) if len(keys) > 1 else 1.0
    at = at * min(_APART / max(near, 1e-6), _LARGEST)
    low = (at - sizes / 2).min(axis=0)
    at = at - low
    width, height = (float(side) for side in (at + sizes / 2).max(axis=0))
    places = {key: (round(float(x), 1), round(float(y), 1)) for key, (x, y) in zip(keys, at, strict=True)}
    x = 0.0
    for key in loose:
        wide, high = boxes[key]
        places[key] = round(x + wide / 2, 1), round(height + _GAP + high / 2, 1)
        x += wide + _GAP
    if loose:
        height += _GAP + max(boxes[key][1] for key in loose)
    return Layout(places, round(max(width, x - _GAP), 1), round(height, 1))


def _part(graph: networkx.Graph[str], keys: Sequence[str], sizes: Floats) -> Floats:
    if len(keys) == 1:
        return np.zeros((1, 2))
    apart = _distances(graph, keys)
    best = min((_majorize(apart, seed) for seed in range(_BEGINNINGS)), key=lambda found: found[1])[0]
    return _separate(_turn(best), sizes)


def _distances(graph: networkx.Graph[str], keys: Sequence[str]) -> Floats:
    """How far apart each two nodes should stand."""
    import networkx

    number = {key: place for place, key in enumerate(keys)}
    apart = np.zeros((len(keys), len(keys)))
    for key in keys:
        for other, distance in networkx.single_source_dijkstra_path_length(graph, key, weight="length").items():
            apart[number[key], number[other]] = distance
    return apart


def _majorize(apart: Floats, seed: int) -> tuple[Floats, float]:
    """Places, and the stress that is left: how much the distances on paper differ from those wished for."""
    count = len(apart)
    spread = float(apart.max())
    places = np.random.default_rng(seed).uniform(-spread / 2, spread / 2, (count, 2))
    weights = np.zeros_like(apart)
    np.divide(1.0, apart**2, out=weights, where=apart > 0)
    total = weights.sum(axis=1)
    stress = math.inf
    for _ in range(max(30, min(400, _WORK // count**2))):
        across = places[:, None, :] - places[None, :, :]
        measured = np.maximum(np.hypot(across[..., 0], across[..., 1]), 1e-6)
        before, stress = stress, float((weights * (measured - apart) ** 2).sum() / 2)
        if before - stress < 1e-5 * stress:
            break
        pull = weights * apart / measured
        # Every node moves to where the others want it, each at its distance in its direction.
        places = (weights @ places + pull.sum(axis=1)[:, None] * places - pull @ places) / total[:, None]
    return places - places.mean(axis=0), stress


def _turn(places: Floats) -> Floats:
    """The longest direction across the page."""
    covariance = places.T @ places
    angle = 0.5 * math.atan2(2 * covariance[0, 1], covariance[0, 0] - covariance[1, 1])
    cos, sin = math.cos(angle), math.sin(angle)
    return np.asarray(places @ np.array([[cos, -sin], [sin, cos]]), dtype=np.float64)


def _separate(places: Floats, sizes: Floats) -> Floats:
    """Push overlapping boxes apart along the shorter way, and stretch the whole where they find no room."""
    while True:
        for _ in range(_PUSHES):
            across = places[:, None, :] - places[None, :, :]
            overlap = (sizes[:, None, :] + sizes[None, :, :]) / 2 - np.abs(across)
            np.einsum("iik->ik", overlap)[:] = 0.0
            hit = (overlap > 0.01).all(axis=2)
            if not hit.any():
                return places
            sideways = hit & (overlap[..., 0] <= overlap[..., 1])
            # Of two at the same height (or straight above one another) the later one gives way to the right (below).
            later = np.sign(np.arange(len(places))[:, None] - np.arange(len(places))[None, :])
            way = np.where(across == 0, later[..., None], np.sign(across))
            pushes = way * overlap / 2 * np.stack([sideways, hit & ~sideways], axis=2)
            crowd = np.maximum(hit.sum(axis=1), 1)[:, None]
            places = places + pushes.sum(axis=1) / np.sqrt(crowd)
        places = places * _STRETCH


def _pack(laid: Sequence[tuple[Sequence[str], Floats, Floats]]) -> Layout:
    """The parts in rows from left to right, as they come."""
    corners = [((at - size / 2).min(axis=0), (at + size / 2).max(axis=0)) for _, size, at in laid]
    spans = [high - low for low, high in corners]
    area = sum(float((span + _GAP).prod()) for span in spans)
    limit = max([math.sqrt(area * _WIDE), *(float(span[0]) for span in spans)], default=0.0)
    places: dict[str, tuple[float, float]] = {}
    x = y = row = width = 0.0
    for (keys, _, at), (low, _), span in zip(laid, corners, spans, strict=True):
        if x and x + span[0] > limit + 0.01:
            x, y, row = 0.0, y + row + _GAP, 0.0
        moved = at - low + np.array([x, y])
        places |= {key: (round(float(px), 1), round(float(py), 1)) for key, (px, py) in zip(keys, moved, strict=True)}
        x, row = x + float(span[0]) + _GAP, max(row, float(span[1]))
        width = max(width, x - _GAP)
    return Layout(places, round(width, 1), round(y + row, 1))
