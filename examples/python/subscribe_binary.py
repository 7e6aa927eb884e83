#!/usr/bin/env python3
"""Subscribes to the binary endpoint of a running Millrace: the records of the core as FlatBuffers.

    python3 subscribe_binary.py [--endpoint E] [--topic PREFIX ...] [--count N] [--timeout SECONDS] [--json]

Needs pyzmq and flatbuffers (Debian: python3-zmq, python3-flatbuffers). A message has two frames: the topic
`<message type>.<symbol>` and the record, which the package `millrace_messages` beside this file reads. Prices are in
ticks, quantities in lots, times in nanoseconds since the session started. Exits with 1 when the time was up before
the count.
"""

import argparse
import json
import signal
import sys
import time

import zmq

import millrace_messages

BINARY = "tcp://127.0.0.1:5560"
ROOTS = {root.__name__: root for root in millrace_messages.ROOTS.values()}


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--endpoint", default=BINARY)
    parser.add_argument("--topic", action="append", help="prefix such as Trade. or Trade.BTC-USD; default: all")
    parser.add_argument("--count", type=int, default=0, help="stop after so many messages")
    parser.add_argument("--timeout", type=float, default=0, help="stop after so many seconds")
    parser.add_argument("--json", action="store_true", help="print JSON, one message a line")
    return parser.parse_args()


def fields_of(struct):
    """All scalar fields of a FlatBuffers struct."""
    hidden = ("Init", "SizeOf", "Reserved")
    names = [name for name in vars(type(struct)) if name[0].isupper() and not name.startswith(hidden)]
    return {name: getattr(struct, name)() for name in names}


def decode(kind, payload):
    """A record as a dictionary. Hot messages are a table around one struct or two, books a head and levels."""
    record = ROOTS[kind].GetRootAs(payload, 0)
    if hasattr(record, "Data"):
        second = [getattr(record, name)() for name in ("Conditions", "Fees") if hasattr(record, name)]
        return {key: value for struct in [record.Data(), *second] if struct for key, value in fields_of(struct).items()}
    if hasattr(record, "Head"):
        levels = [record.Levels(index) for index in range(record.LevelsLength())]
        return {**fields_of(record.Head()), "Levels": [[level.Price(), level.Quantity()] for level in levels]}
    raise ValueError(f"no decoder for {kind}")


def main():
    arguments = parse_arguments()
    context = zmq.Context()
    socket = context.socket(zmq.SUB)
    socket.setsockopt(zmq.LINGER, 0)
    for topic in arguments.topic or [""]:
        socket.setsockopt(zmq.SUBSCRIBE, topic.encode())
    socket.connect(arguments.endpoint)

    deadline = time.monotonic() + arguments.timeout if arguments.timeout > 0 else None
    received = 0
    while not arguments.count or received < arguments.count:
        wait_ms = None if deadline is None else max(0, (deadline - time.monotonic()) * 1000)
        if not socket.poll(wait_ms):
            break
        topic, payload = socket.recv_multipart()
        kind, _, symbol = topic.decode().partition(".")
        fields = decode(kind, payload)
        if arguments.json:
            print(json.dumps({"type": kind, "symbol": symbol, **fields}), flush=True)
        else:
            print(f"{kind:15} {symbol:10} " + " ".join(f"{key}={value}" for key, value in fields.items()), flush=True)
        received += 1

    print(f"{received} messages", file=sys.stderr)
    context.destroy(linger=0)
    return 1 if received < arguments.count else 0


if __name__ == "__main__":
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # `... | head` ends it quietly
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
