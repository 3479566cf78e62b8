"""No library tells its maker of a run: none leaves a word for it in the home of whoever runs it.

onnxruntime's own program queues events for its maker, and an id of the machine, in the home folder
the moment it is imported; the first test shows that it would.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import pipelines

LOADED = "from pipelines.staging.stage import Tools; Tools.load()"
GATED = (
    "import pipelines.validate.gates, great_expectations as gx; gx.get_context(mode='ephemeral')"
)


def left_behind(program: str, home: Path) -> list[str]:
    """What ``program`` writes in the home folder of whoever runs it.

    Of this process's environment only the search path is inherited: neither Candour's own silence
    nor the signs of a build server (``CI``), on which onnxruntime is silent by itself.
    """
    environment = {"PATH": os.environ["PATH"], "HOME": str(home)}
    subprocess.run([sys.executable, "-c", program], env=environment, check=True, timeout=300)
    return sorted(str(path.relative_to(home)) for path in home.rglob("*") if path.is_file())


def test_the_library_by_itself_would_leave_an_id_of_the_machine(tmp_path: Path) -> None:
    assert any("deviceid" in name for name in left_behind("import onnxruntime", tmp_path))


@pytest.mark.parametrize("program", [LOADED, GATED])
def test_none_of_what_a_run_loads_leaves_anything(program: str, tmp_path: Path) -> None:
    assert left_behind(program, tmp_path) == []


def test_the_image_is_silent_too() -> None:
    dockerfile = Path(pipelines.__file__).parents[1] / "docker" / "Dockerfile"
    for name, value in pipelines.SILENT.items():
        assert f"{name}={value}" in dockerfile.read_text(encoding="utf-8")
