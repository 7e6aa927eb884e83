// Generated from schemas/*.fbs by scripts/messages.ts (npm run messages); do not edit.
export * from './book.js';

/** MessageType.BookUpdate */
export const TYPE = 32;
