"""The child of the kill test: screens some rows, and says after every chunk how far it is."""

from __future__ import annotations

import sys
import time
from pathlib import Path

from fake_workbench import DAY, FEED, RowsSource, open_bench, person, row

from netpursuit.engines.local import LocalEngine
from netpursuit.screening.run import Progress, ScreenRequest, screen

PEOPLE = [
    person("Ana Example", "1980-01-02"),
    person("Zoe Nobody", "1990-09-09"),
    person("Ben Example", "1981-03-04", "N-81"),
]
ROWS = [row(f"R{number}", PEOPLE[number % 3], line=number + 2) for number in range(60)]


def say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def main(folder: Path) -> None:
    bench = open_bench(folder)

    def tell(progress: Progress) -> None:
        say(str(progress.rows_done))
        time.sleep(0.05)

    screen(
        bench.desk,
        ScreenRequest(feed=FEED, source=RowsSource(ROWS), engine=LocalEngine(), as_of=DAY, chunk_rows=4),
        tell,
    )
    say("done")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
