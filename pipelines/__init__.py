"""Candour's stages, one package each, in the order data flows:

intake > deidentify > classify > staging > validate > warehouse > release > report
"""

import os

SILENT = {
    "AIRFLOW__USAGE_DATA_COLLECTION__ENABLED": "False",
    "DO_NOT_TRACK": "1",
    "GX_ANALYTICS_ENABLED": "false",
    "ORT_DISABLE_TELEMETRY": "1",
    "SCARF_ANALYTICS": "false",
}
"""Libraries that would tell their makers of every run, told not to. Here, since they ask when they
are imported: onnxruntime queues what the machine and the program are called for its maker, and
keeps an id of the machine in the home of whoever runs it.
"""

os.environ.update(SILENT)
