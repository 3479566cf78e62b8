"""Read one export as staging does, into a chat in memory; with a second argument, as a stream that
keeps no message. Print seconds, messages and peak memory.
"""

import json
import resource
import sys
import time
from pathlib import Path

from pipelines.intake.formats import all_formats
from pipelines.intake.formats.whatsapp import messages_of
from pipelines.intake.read import read_chats
from pipelines.intake.source import open_plain
from pipelines.intake.whatsapp.reading import begin
from pipelines.intake.whatsapp.wording import load_wordings
from pipelines.settings import Settings

settings = Settings()
source = open_plain(Path(sys.argv[1]))
all_formats()  # loaded once a process, as a peer's own modules are
load_wordings()
wall, cpu = time.perf_counter(), time.process_time()
if len(sys.argv) > 2:
    (part,) = source.parts(settings)
    reading = begin(part, settings.max_lines)
    messages = sum(1 for _ in messages_of(reading))
    assert reading.evidence.conclude()[0] == reading.look
else:
    (chat,) = read_chats(source, settings)
    messages = len(chat.messages)
cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps({"cpu": cpu, "wall": wall, "messages": messages, "peak_mb": peak}))
