/** Line `n` of an invented USD-M stream: depth updates that follow one another, ten ids each. */
export function depthLine(n: number, bidQuantity = 1): string {
  const data = `{"e":"depthUpdate","E":${1700000000000 + n},"T":${1700000000000 + n},"s":"BTCUSDT","U":${n * 10 + 3},"u":${n * 10 + 10},"pu":${n * 10},"b":[["100.00","${bidQuantity}"]],"a":[["100.10","2"]]}`;
  return `${1700000000000 + n}000000 {"stream":"btcusdt@depth@0ms","data":${data}}`;
}

/** A REST depth snapshot up to update `id`. */
export function snapshotLine(id: number, time = 1700000000000): string {
  return `${time}000000 {"lastUpdateId":${id},"E":${time},"T":${time},"bids":[["100.00","7"]],"asks":[["100.10","7"]]}`;
}

/** A stream that begins, as recorded ones do, with updates, and joins its snapshot. */
export const DAY = [
  depthLine(0),
  depthLine(1),
  snapshotLine(15),
  ...[2, 3, 4, 5, 6, 7].map((n) => depthLine(n, n)),
];
