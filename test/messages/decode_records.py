"""Decodes records with the FlatBuffers runtime for Python.

Standard input: one record a line, "<message type> <payload in hex>". Standard output: one JSON object a line with
the fields by their accessor's name; integers as decimal strings.
"""

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "examples" / "python"))

import millrace_messages  # noqa: E402


def plain(value):
    if isinstance(value, bytes):
        return value.decode()
    return value if isinstance(value, float) else str(value)


def fields(struct):
    names = [name for name in dir(struct) if name[0].isupper() and name not in ("Init", "SizeOf")]
    return {name: plain(getattr(struct, name)()) for name in names if not name.startswith("GetRoot")}


def second_struct(root):
    """A fixed message may have one more struct under a name of its own; None where it was left out."""
    names = [name for name in ("Conditions", "Fees") if hasattr(root, name)]
    return {name: fields(getattr(root, name)()) for name in names if getattr(root, name)() is not None}


def decode(message_type, payload):
    root = millrace_messages.decode(message_type, payload)
    if hasattr(root, "Data"):
        return {**fields(root.Data()), **second_struct(root)}
    if hasattr(root, "Head"):
        levels = [fields(root.Levels(index)) for index in range(root.LevelsLength())]
        return {**fields(root.Head()), "Levels": levels}
    return fields(root)


for line in sys.stdin:
    message_type, payload = line.split()
    print(json.dumps(decode(int(message_type), bytes.fromhex(payload))))
