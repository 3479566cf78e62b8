"""The same with whatstk."""

import json
import resource
import sys
import time

sys.path.pop(0)  # this file has the name of the package it measures

from whatstk import WhatsAppChat

start = time.process_time()
messages = len(WhatsAppChat.from_source(filepath=sys.argv[1]).df)
seconds = time.process_time() - start
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps({"seconds": seconds, "messages": messages, "peak_mb": peak}))
