/** A module that cannot be used as a strategy, in three ways. */
export function create(parameters: { readonly fault?: string }): unknown {
  if (parameters.fault === 'throws') throw new RangeError('fault is "throws", allowed: none');
  return { onBook: () => undefined };
}
