"""The same with chat-miner."""

import json
import logging
import resource
import sys
import time

from chatminer.chatparsers import WhatsAppParser

logging.disable()
start = time.process_time()
parser = WhatsAppParser(sys.argv[1])
parser.parse_file()
messages = len(parser.parsed_messages.get_df())
seconds = time.process_time() - start
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps({"seconds": seconds, "messages": messages, "peak_mb": peak}))
