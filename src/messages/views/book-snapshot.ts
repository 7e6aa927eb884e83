// Generated from schemas/*.fbs by scripts/messages.ts (npm run messages); do not edit.
export * from './book.js';

/** MessageType.BookSnapshot */
export const TYPE = 33;
