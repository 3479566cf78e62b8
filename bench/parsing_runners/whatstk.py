"""The same with whatstk."""

import json
import resource
import sys
import time

sys.path.pop(0)  # this file has the name of the package it measures

from whatstk import WhatsAppChat

wall, cpu = time.perf_counter(), time.process_time()
messages = len(WhatsAppChat.from_source(filepath=sys.argv[1]).df)
cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps({"cpu": cpu, "wall": wall, "messages": messages, "peak_mb": peak}))
