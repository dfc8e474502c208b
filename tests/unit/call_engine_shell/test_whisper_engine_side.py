import subprocess
import sys


def test_the_engine_does_not_load_the_recogniser_that_its_workers_run() -> None:
    code = "import sys, call_engine.adapters.whisper; print([n for n in ('faster_whisper', 'ctranslate2') if n in sys.modules])"

    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120)

    assert loaded.stdout.strip() == "[]"
