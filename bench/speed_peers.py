"""Other tools on the same rows: splink on DuckDB, tantivy, RapidFuzz ``cdist``, character n-grams with a sparse top-n.

Run by whichever interpreter has them (``python bench/speed_peers.py ROWS.json``; ``columns``, ``left`` registered,
``right`` listed, ``truth`` pairs of rows). Prints a line of JSON: figure -> value. A peer that is not installed is
named. Those that look at every pair get the first so many registrations, and say so.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from typing import Any

Rows = list[list[str]]
FEW = 500  # registrations for those that look at every pair
LEADS = 50  # false ones per 100,000 registrations at which recall is read


def splink(left: Rows, right: Rows, truth: set[tuple[int, int]]) -> dict[str, float]:
    import duckdb
    import pandas as pd
    import splink.comparison_library as cl
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on

    frames = []
    for name, rows in (("l", left), ("r", right)):
        frame = pd.DataFrame(rows, columns=["name", "born", "number"]).replace("", None)
        frame["first"], frame["last"] = frame["name"].str.split(" ").str[0], frame["name"].str.split(" ").str[-1]
        frame["unique_id"], frame["source_dataset"] = range(len(frame)), name
        frames.append(frame)
    api = DuckDBAPI(duckdb.connect())
    blocks = [
        block_on("number"), block_on("name"), block_on("born", "substr(first, 1, 1)"),
        block_on("born", "substr(last, 1, 1)"), block_on("last", "substr(born, 1, 4)"),
    ]  # fmt: skip
    settings = SettingsCreator(
        link_type="link_only",
        probability_two_random_records_match=0.01 / len(right),
        comparisons=[
            cl.JaroWinklerAtThresholds("name", [0.95, 0.88]),
            cl.LevenshteinAtThresholds("born", 1),
            cl.LevenshteinAtThresholds("number", 1),
        ],
        blocking_rules_to_generate_predictions=blocks,
    )
    began = time.perf_counter()
    linker = Linker([api.register(frame) for frame in frames], settings)
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("name"))
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("born"))
    trained = time.perf_counter()
    found = linker.inference.predict(threshold_match_probability=0.01).as_pandas_dataframe()
    done = time.perf_counter()
    pairs = sorted(
        zip(found["match_probability"], found["unique_id_l"], found["unique_id_r"], strict=True), reverse=True
    )
    return {
        "predict, registrations/s": len(left) / (done - trained),
        "with training, registrations/s": len(left) / (done - began),
        f"recall at {LEADS} false leads per 100,000": recall_at(pairs, truth, len(left)),
    }


def recall_at(pairs: list[tuple[float, int, int]], truth: set[tuple[int, int]], registrations: int) -> float:
    """Recall of a ranking at the threshold where so many are false as are allowed."""
    allowed, hits, false = LEADS * registrations / 100_000, 0, 0
    for _, left, right in pairs:
        if (int(left), int(right)) in truth:
            hits += 1
        elif (false := false + 1) > allowed:
            break
    return hits / max(1, len(truth))


def tantivy(left: Rows, right: Rows, truth: set[tuple[int, int]]) -> dict[str, float]:
    import tantivy as engine

    schema = engine.SchemaBuilder().add_text_field("name", stored=False).add_integer_field("row", stored=True).build()
    index = engine.Index(schema)
    began = time.perf_counter()
    writer = index.writer(256_000_000)
    for row, values in enumerate(right):
        writer.add_document(engine.Document(name=values[0], row=row))
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    built, searcher, spent = time.perf_counter(), index.searcher(), []
    for name, *_ in left[: 4 * FEW]:
        words = [word for word in name.lower().split() if word]
        asked = time.perf_counter()
        terms = [(engine.Occur.Should, engine.Query.fuzzy_term_query(schema, "name", word, 1)) for word in words]
        if terms:
            searcher.search(engine.Query.boolean_query(terms), 10)
        spent.append(time.perf_counter() - asked)
    spent.sort()
    return {
        "build, s": built - began,
        "query, candidates only, ms p50": spent[len(spent) // 2] * 1e3,
        "query, candidates only, ms p95": spent[len(spent) * 19 // 20] * 1e3,
        "queries/s, one thread": len(spent) / sum(spent),
    }


def rapidfuzz(left: Rows, right: Rows, truth: set[tuple[int, int]]) -> dict[str, float]:
    import numpy as np
    from rapidfuzz import fuzz, process

    names = [values[0].lower() for values in right]
    began = time.perf_counter()
    for begin in range(0, min(FEW, len(left)), 50):
        asked = [values[0].lower() for values in left[begin : begin + 50]]
        process.cdist(asked, names, scorer=fuzz.token_sort_ratio, workers=2, dtype=np.uint8, score_cutoff=85)
    return {f"names only, registrations/s (first {FEW})": min(FEW, len(left)) / (time.perf_counter() - began)}


def ngrams(left: Rows, right: Rows, truth: set[tuple[int, int]]) -> dict[str, float]:
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sparse_dot_topn import sp_matmul_topn

    vectors = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 3))
    listed = vectors.fit_transform([values[0] for values in right]).T.tocsr()
    few = [values[0] for values in left[: 10 * FEW]]
    began = time.perf_counter()
    sp_matmul_topn(vectors.transform(few), listed, top_n=10, threshold=0.5, n_threads=2)
    return {f"names only, registrations/s (first {len(few)})": len(few) / (time.perf_counter() - began)}


PEERS: dict[str, Callable[[Rows, Rows, set[tuple[int, int]]], dict[str, float]]] = {
    "splink on DuckDB": splink,
    "tantivy, fuzzy terms": tantivy,
    "RapidFuzz cdist": rapidfuzz,
    "TF-IDF of 3-grams, sparse top 10": ngrams,
}


def main() -> None:
    with open(sys.argv[1], encoding="utf-8") as stream:  # noqa: PTH123
        rows: dict[str, Any] = json.load(stream)
    truth = {(left, right) for left, right in rows["truth"]}
    answer: dict[str, float | str] = {}
    for name, peer in PEERS.items():
        try:
            figures = peer(rows["left"], rows["right"], truth)
        except ImportError as error:
            answer[name] = f"not installed: {error.name}"
            continue
        answer |= {f"{name}: {figure}": round(value, 4) for figure, value in figures.items()}
    print(json.dumps(answer))


if __name__ == "__main__":
    main()
