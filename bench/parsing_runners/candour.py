"""Read one export as a stream, as the intake does; print seconds, messages and peak memory."""

import json
import resource
import sys
import time
from pathlib import Path

from pipelines.intake.formats.whatsapp import FORMAT
from pipelines.intake.source import open_plain
from pipelines.settings import Settings

start = time.process_time()
settings = Settings()
(part,) = open_plain(Path(sys.argv[1])).parts(settings)
messages = sum(1 for _ in FORMAT.stream(part, settings).messages())
seconds = time.process_time() - start
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps({"seconds": seconds, "messages": messages, "peak_mb": peak}))
