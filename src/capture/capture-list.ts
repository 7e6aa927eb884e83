import { readdirSync, type Stats, statSync } from 'node:fs';
import { join } from 'node:path';
import { CaptureReader } from './binance-lines.js';
import { CaptureError } from './capture-error.js';
import { describeStream, isCaptureName } from './describe.js';

/** A capture to replay, or why what was given is none. */
export interface ListedCapture {
  readonly file: string;
  /** Size, for progress and order; 0 when it cannot be told. */
  readonly bytes: number;
  readonly error?: string;
}

/** What was passed over in a folder. */
export interface SkippedFiles {
  readonly folder: string;
  readonly names: readonly string[];
  /** Number of `*.gz` files in the folder. */
  readonly outOf: number;
}

export interface CaptureList {
  readonly captures: readonly ListedCapture[];
  readonly skipped: readonly SkippedFiles[];
}

/**
 * The captures that `paths` name, in that order. A folder stands for the Binance captures directly in it, by name. A file
 * given by name is taken as it is: whether it can be replayed shows then.
 */
export async function listCaptures(paths: readonly string[]): Promise<CaptureList> {
  const captures: ListedCapture[] = [];
  const skipped: SkippedFiles[] = [];
  for (const path of paths) {
    if (!isFolder(path)) {
      captures.push({ file: path, bytes: sizeOf(path) });
      continue;
    }
    const folder = await listFolder(path);
    captures.push(...folder.captures);
    skipped.push(...folder.skipped);
  }
  return { captures, skipped };
}

/** Bytes of a file; 0 when that cannot be told. */
export function sizeOf(path: string): number {
  return statsOf(path)?.size ?? 0;
}

async function listFolder(folder: string): Promise<CaptureList> {
  let entries: string[];
  try {
    entries = readdirSync(folder).sort();
  } catch (error) {
    return failed(folder, `cannot be read (${(error as NodeJS.ErrnoException).code})`);
  }
  const captures: ListedCapture[] = [];
  const names: string[] = [];
  for (const name of entries) {
    const file = join(folder, name);
    if (!name.endsWith('.gz') || isFolder(file)) continue;
    if (await isCapture(file)) captures.push({ file, bytes: sizeOf(file) });
    else names.push(name);
  }
  const outOf = captures.length + names.length;
  const skipped = names.length > 0 ? [{ folder, names, outOf }] : [];
  if (captures.length > 0) return { captures, skipped };
  return { captures: failed(folder, 'holds no Binance capture (*.gz)').captures, skipped };
}

/**
 * Is this a stream that a replay can take? A file with the name of a capture always is one: damaged, it must fail and not be
 * passed over. Any other is looked into.
 */
async function isCapture(file: string): Promise<boolean> {
  if (isCaptureName(file)) return true;
  const reader = new CaptureReader([file]);
  try {
    await reader.open();
    describeStream([file], reader.peek());
    return true;
  } catch (error) {
    if (error instanceof CaptureError) return false;
    throw error;
  } finally {
    reader.close();
  }
}

function failed(folder: string, reason: string): CaptureList {
  const { message } = new CaptureError(folder, 0, reason);
  return { captures: [{ file: folder, bytes: 0, error: message }], skipped: [] };
}

function isFolder(path: string): boolean {
  return statsOf(path)?.isDirectory() === true;
}

/** Undefined for what is not there or may not be looked at; a replay says why. */
function statsOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}
