/** A capture cannot be used: names the file, the line where there is one, and why. */
export class CaptureError extends Error {
  override readonly name = 'CaptureError';

  /** `line` counts from 1; 0 when the fault has no line. */
  constructor(file: string, line: number, reason: string) {
    super(line > 0 ? `${file}:${line}: ${reason}` : `${file}: ${reason}`);
  }
}
