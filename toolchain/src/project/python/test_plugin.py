import json
import os
import subprocess
from pathlib import Path


def test_answers():
    """Makes the calls of test/requests.json: the answers must be those of test/replies.json."""
    build = ["componentize-py", "-d", "wit", "-w", "plugin", "componentize", "plugin", "-o", "plugin.wasm"]
    subprocess.run(build, check=True)
    pintle = os.environ.get("PINTLE", "pintle")
    server = f"stdio:{pintle} serve --stdio"
    call = [pintle, "call", server, "--timeout", "5m", "--batch", "test/requests.json"]
    answers = subprocess.run(call, stdout=subprocess.PIPE, text=True).stdout
    assert json.loads(answers) == json.loads(Path("test/replies.json").read_text())
