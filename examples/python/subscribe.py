#!/usr/bin/env python3
"""Subscribes to the JSON endpoints of a running Millrace and prints what comes.

    python3 subscribe.py [--count N] [--timeout SECONDS] [--json] [ENDPOINT ...]

Needs pyzmq (Debian: python3-zmq). Without endpoints: trades and books. Every message of an endpoint carries `seq`,
which rises by one; a jump means that messages were lost on the way (this process was too slow), a step back that the
publisher was restarted. Exits with 1 when the time was up before the count.
"""

import argparse
import json
import signal
import sys
import time
from decimal import Decimal

import zmq

TRADES = "tcp://127.0.0.1:5556"
BOOKS = "tcp://127.0.0.1:5557"


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("endpoints", nargs="*", default=[TRADES, BOOKS], metavar="ENDPOINT")
    parser.add_argument("--count", type=int, default=0, help="stop after so many messages")
    parser.add_argument("--timeout", type=float, default=0, help="stop after so many seconds")
    parser.add_argument("--json", action="store_true", help="print the messages alone, one a line")
    return parser.parse_args()


def summary(message):
    """One line for people. Numbers are read as Decimal, so prices print as they are traded."""
    name = f"{message.get('exchange', '')} {message.get('symbol', '')}".strip()
    if "bids" in message:
        best = " / ".join(f"{side[0][1]} @ {side[0][0]}" if side else "-" for side in (message["bids"], message["asks"]))
        auction = f"  auction at {message['indicative_price']}" if message["indicative_price"] is not None else ""
        return f"book     {name}  {best}  mid {message['midpoint']}{auction}"
    if "amount" in message:
        return f"trade    {name}  {message['side']} {message['amount']} @ {message['price']}"
    if message.get("event") == "PHASE":
        return f"phase    {name}  {message['phase']}"
    if "event" in message:
        return f"order    {name}  {message['event']} {message['side']} order {message['order_id']} {message['status']}"
    return f"position {name}  account {message['account']}: {message['quantity']}"


class GapCheck:
    """Counts what an endpoint lost, from the `seq` of its messages."""

    def __init__(self):
        self.last = 0
        self.lost = 0

    def take(self, endpoint, seq):
        if self.last and seq > self.last + 1:
            self.lost += seq - self.last - 1
            print(f"{endpoint}: lost {seq - self.last - 1} messages before seq {seq}", file=sys.stderr)
        elif seq <= self.last:
            print(f"{endpoint}: seq {seq} after {self.last}: the publisher was restarted", file=sys.stderr)
        self.last = seq


def main():
    arguments = parse_arguments()
    context = zmq.Context()
    poller = zmq.Poller()
    endpoints = {}
    for endpoint in arguments.endpoints:
        socket = context.socket(zmq.SUB)
        socket.setsockopt(zmq.LINGER, 0)
        socket.setsockopt(zmq.SUBSCRIBE, b"")
        socket.connect(endpoint)
        poller.register(socket, zmq.POLLIN)
        endpoints[socket] = (endpoint, GapCheck())

    deadline = time.monotonic() + arguments.timeout if arguments.timeout > 0 else None
    received = 0
    while not arguments.count or received < arguments.count:
        wait_ms = None if deadline is None else max(0, (deadline - time.monotonic()) * 1000)
        ready = poller.poll(wait_ms)
        if not ready and wait_ms is not None:
            break
        for socket, _ in ready:
            endpoint, gaps = endpoints[socket]
            text = socket.recv().decode()
            message = json.loads(text, parse_float=Decimal)
            gaps.take(endpoint, message["seq"])
            print(text if arguments.json else summary(message), flush=True)
            received += 1
            if received == arguments.count:
                break

    lost = sum(gaps.lost for _, gaps in endpoints.values())
    print(f"{received} messages, {lost} lost", file=sys.stderr)
    context.destroy(linger=0)
    return 1 if received < arguments.count else 0


if __name__ == "__main__":
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # `... | head` ends it quietly
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
