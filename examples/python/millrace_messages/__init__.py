# Generated from schemas/*.fbs by scripts/messages.ts (npm run messages); do not edit.
"""Millrace messages for Python: FlatBuffers readers, and the root class of each message type."""

from .AdvanceTime import AdvanceTime
from .AmendOrder import AmendOrder
from .BookSnapshot import BookSnapshot
from .BookUpdate import BookUpdate
from .CancelOrder import CancelOrder
from .Control import Control
from .ExecutionReport import ExecutionReport
from .Features import Features
from .FeedStatus import FeedStatus
from .InstrumentDefinition import InstrumentDefinition
from .InstrumentStatus import InstrumentStatus
from .LogRecord import LogRecord
from .MarketStatus import MarketStatus
from .MarketTrade import MarketTrade
from .MassCancel import MassCancel
from .NewOrder import NewOrder
from .PositionUpdate import PositionUpdate
from .SetPhase import SetPhase
from .Trade import Trade

ROOTS = {
    1: NewOrder,
    2: AmendOrder,
    3: CancelOrder,
    4: MassCancel,
    5: SetPhase,
    6: AdvanceTime,
    16: ExecutionReport,
    17: Trade,
    18: InstrumentStatus,
    32: BookUpdate,
    33: BookSnapshot,
    34: MarketTrade,
    35: Features,
    36: FeedStatus,
    37: MarketStatus,
    48: PositionUpdate,
    64: InstrumentDefinition,
    80: Control,
    96: LogRecord,
}


def decode(message_type, payload):
    """The root object over `payload` (bytes); KeyError for an unknown type."""
    return ROOTS[message_type].GetRootAs(payload, 0)
