"""The same with chat-miner."""

import json
import logging
import resource
import sys
import time

from chatminer.chatparsers import WhatsAppParser

logging.disable()
wall, cpu = time.perf_counter(), time.process_time()
parser = WhatsAppParser(sys.argv[1])
parser.parse_file()
messages = len(parser.parsed_messages.get_df())
cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps({"cpu": cpu, "wall": wall, "messages": messages, "peak_mb": peak}))
