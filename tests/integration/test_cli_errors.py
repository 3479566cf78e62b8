"""Bad input through the real command: one clear sentence, its exit code, nothing left behind."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from pipelines.intake.source import open_sealed
from pipelines.keys import generate_keys, load_keys

CHAT = "13/05/2026, 09:15 - Tamsin Vole: morning all\n13/05/2026, 09:16 - Jo Pell: kettle is on\n"
CANDOUR = [sys.executable, "-c", "from pipelines.cli import main; main()"]
FORM = {
    "--force": "cumbria",
    "--contributor": "c-4821",
    "--me": "Tamsin Vole",
    "--consent-version": "1.0",
    "--consent-date": "2026-05-20",
}


def _zip(path: Path, members: dict[str, bytes]) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)


BAD_EXPORTS: dict[str, tuple[Callable[[Path], object], str]] = {
    "not a chat": (lambda p: p.write_text("Dear diary, nothing happened.\n"), "chat"),
    "empty": (lambda p: p.write_bytes(b""), "empty"),
    "wrong encoding": (lambda p: p.write_bytes(b"13/05/2026, 09:15 - J\xf6: hi\xff\n"), "UTF-8"),
    "zip with no chat": (lambda p: _zip(p, {"IMG-1.jpg": b"\xff\xd8"}), "chat"),
    "zip of many gigabytes": (lambda p: _zip(p, {"_chat.txt": CHAT.encode() * 900_000}), "unpacks"),
    "path traversal": (lambda p: _zip(p, {"../../_chat.txt": CHAT.encode()}), "outside"),
}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    generate_keys(tmp_path / "home" / "keys")
    return tmp_path / "home"


def _submit(home: Path, export: Path, **changes: str | None) -> subprocess.CompletedProcess[str]:
    form = FORM | {f"--{name.replace('_', '-')}": value for name, value in changes.items()}
    options = [word for pair in form.items() if pair[1] is not None for word in pair]
    return subprocess.run(
        [*CANDOUR, "submit", str(export), *options],
        env={"CANDOUR_HOME": str(home), "PATH": "/usr/bin:/bin", "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("case", BAD_EXPORTS)
def test_an_export_that_cannot_be_used(case: str, home: Path, tmp_path: Path) -> None:
    write, word = BAD_EXPORTS[case]
    write(tmp_path / "export")
    done = _submit(home, tmp_path / "export")
    assert done.returncode in (2, 3)
    assert done.stderr.startswith("candour: ")
    assert done.stderr.count("\n") == 1
    assert word.lower() in done.stderr.lower()
    assert "Traceback" not in done.stderr
    assert not list((home / "inbox").glob("*"))
    assert not (home / "warehouse.duckdb").exists()


@pytest.mark.parametrize(
    ("changes", "names"),
    [
        ({"force": "Atlantis"}, "force"),
        ({"consent_version": None}, "consent-version"),
        ({"consent_version": "0.0"}, "consent"),
        ({"consent_date": "2999-01-01"}, "consent"),
        ({"contributor": "A Name"}, "contributor"),
    ],
)
def test_a_form_filled_in_wrongly(
    changes: dict[str, str | None], names: str, home: Path, tmp_path: Path
) -> None:
    (tmp_path / "export.txt").write_text(CHAT)
    done = _submit(home, tmp_path / "export.txt", **changes)
    assert done.returncode == 2
    assert names in done.stderr
    assert not list((home / "inbox").glob("*"))


def test_a_good_one_is_sealed_and_holds_no_name(home: Path, tmp_path: Path) -> None:
    (tmp_path / "export.txt").write_text(CHAT)
    done = _submit(home, tmp_path / "export.txt")
    assert done.returncode == 0, done.stderr
    (folder,) = (home / "inbox").glob("[!.]*")
    sealed = b"".join(path.read_bytes() for path in folder.iterdir())
    assert b"Tamsin" not in sealed
    assert b"kettle" not in sealed


def test_a_name_that_is_asked_for_is_no_argument(home: Path, tmp_path: Path) -> None:
    export = tmp_path / "export.txt"
    export.write_text(CHAT)
    form = FORM | {"--me": "-"}
    done = subprocess.run(
        [*CANDOUR, "submit", str(export), *(word for pair in form.items() for word in pair)],
        env={"CANDOUR_HOME": str(home), "PATH": "/usr/bin:/bin", "COLUMNS": "200"},
        input="Tamsin Vole\n",
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    (sealed,) = (home / "inbox").iterdir()
    assert open_sealed(sealed, load_keys(home / "keys").identity).volunteer_name == "Tamsin Vole"
    assert "Tamsin" not in done.stdout + done.stderr
