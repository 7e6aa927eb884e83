/** A fill as the tape lists it: what one order traded at one price against one aggressor (or in one uncross). */
export interface Fill {
  /** Own number of the order in the tape. */
  readonly order: number;
  /** In ticks. */
  readonly price: number;
  readonly quantity: number;
}

/** A fill of the tape: `at` is its record. */
export interface RecordedFill extends Fill {
  readonly at: number;
}

/** All that one aggressive order traded at a stretch, by the tape. */
export interface AggressorRun {
  /** Own number of the aggressive order; 0: the tape does not name it. */
  readonly order: number;
  /** Side of the aggressor; Side.None: an uncross or a trade without aggressor. */
  readonly side: number;
  /** Sum of its trades. */
  quantity: number;
  /** The worst price it traded at. */
  limit: number;
  /** Record of its first trade. */
  readonly at: number;
  readonly fills: RecordedFill[];
}
