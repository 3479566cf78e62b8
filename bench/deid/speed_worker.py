"""One process of the speed measurement: loads a system, says so, and runs it when told to.

    python -m bench.deid.speed_worker SYSTEM CHATS.json

Speaks JSON, a line each: ``{"ready": true}`` once loaded; then, on a line from outside, what it
took. CHATS.json is a list of chats, each a list of ``[sender or null, kind, text]``.
"""

from __future__ import annotations

import json
import logging
import resource
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

# Presidio imports it where it is there. Only the dev extra brings it: no deployment loads it.
sys.modules["transformers"] = None  # type: ignore[assignment]

from presidio_analyzer import AnalyzerEngine, BatchAnalyzerEngine, RecognizerRegistry  # noqa: E402

from pipelines.contracts import Chat, LineTally, Message, MessageKind  # noqa: E402

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
BATCH = 256  # of stock Presidio, with as many processes as the machine has cores here
PROCESSES = 2
Lines = list[tuple[str | None, str, str]]  # sender, kind, text
Chats = list[Lines]
Job = Callable[[Chats], Any]


def whole_job() -> Job:
    """De-identification as staging runs it: rosters, findings, redaction."""
    from pipelines.deidentify.engine import Deidentifier

    engine = Deidentifier.load()
    return _for_each(lambda chat: engine.deidentify(_chat(chat)))


def findings() -> Job:
    """The fast path alone: findings of every message."""
    from pipelines.deidentify.engine import Deidentifier

    analyzer = Deidentifier.load().analyzer
    return _for_each(lambda chat: analyzer.find(_folded(chat)))


def plain() -> Job:
    """The same recognisers and model in Presidio's ``BatchAnalyzerEngine``."""
    from pipelines.deidentify.engine import Deidentifier

    return _batch(Deidentifier.load().analyzer.engine)


def stock() -> Job:
    """Presidio's default English recognisers over a blank spaCy pipeline: no names at all."""
    from bench.deid.systems import _nlp_engine

    engine = _nlp_engine(None)
    registry = RecognizerRegistry(supported_languages=["en"])
    registry.load_predefined_recognizers(languages=["en"], nlp_engine=engine)
    return _batch(AnalyzerEngine(registry=registry, nlp_engine=engine))


def differ() -> Job:
    """Fast path against plain, over every distinct text: counts, and where they differ."""
    from bench.deid.differential import differences
    from pipelines.deidentify.engine import Deidentifier

    analyzer = Deidentifier.load().analyzer

    def compare(chats: Chats) -> dict[str, Any]:
        texts = list(dict.fromkeys(text for chat in chats for text in _folded(chat)))
        found = [
            {"text": d.text, "ours": sorted(d.ours), "plain": sorted(d.plain)}
            for d in differences(analyzer, texts)
        ]
        return {"compared": len(texts), "differences": found}

    return compare


SYSTEMS = {job.__name__: job for job in (whole_job, findings, plain, stock, differ)}


def _for_each(read: Callable[[Lines], object]) -> Job:
    def run(chats: Chats) -> None:
        for chat in chats:
            read(chat)

    return run


def _batch(engine: AnalyzerEngine) -> Job:
    batch = BatchAnalyzerEngine(engine)

    def run(chats: Chats) -> None:
        texts = [text for chat in chats for text in _folded(chat)]
        batch.analyze_iterator(texts, language="en", batch_size=BATCH, n_process=PROCESSES)

    return run


def _folded(chat: Lines) -> list[str]:
    from pipelines.deidentify.text import clean, fold

    return [fold(clean(text)).text for _, _, text in chat]


def _chat(chat: Lines) -> Chat:
    messages = [
        Message(seq, NOON, sender, MessageKind(kind), text)
        for seq, (sender, kind, text) in enumerate(chat)
    ]
    return Chat("whatsapp", messages, LineTally())


def _peak_mb() -> float:
    """Resident at most, the processes it started included (each as large as the largest)."""
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return (own + PROCESSES * children) / 1024


def _core_seconds() -> float:
    """Processor time so far, that of processes it started and that have ended included."""
    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in used)


def main() -> None:
    logging.disable(logging.CRITICAL)  # Presidio warns of what it cannot download
    run = SYSTEMS[sys.argv[1]]()
    print(json.dumps({"ready": True}), flush=True)
    sys.stdin.readline()
    chats = json.loads(Path(sys.argv[2]).read_text(encoding="utf-8"))
    began, worked = time.perf_counter(), _core_seconds()
    said = run(chats)
    seconds, core_seconds = time.perf_counter() - began, _core_seconds() - worked
    result = {"seconds": seconds, "core_seconds": core_seconds, "peak_mb": _peak_mb()}
    print(json.dumps({**result, "said": said}), flush=True)


if __name__ == "__main__":
    main()
