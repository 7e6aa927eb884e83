/** Which accounts are one for self-trade prevention: a table of those that have a group, read without allocating. */

const SCATTER = 0x9e3779b1 | 0;

export class AccountGroups {
  declare private readonly empty: boolean;
  /** Pairs of account and group, group 0: free. */
  declare private readonly table: Int32Array;
  declare private readonly shift: number;

  /** `groups`: account to group; an account that is not in it is alone. */
  constructor(groups: ReadonlyMap<number, number> = new Map()) {
    this.empty = groups.size === 0;
    const bits = 33 - Math.clz32(groups.size);
    this.shift = 32 - bits;
    this.table = new Int32Array(2 << bits);
    const numbers = new Map<number, number>();
    for (const [account, group] of groups) {
      let number = numbers.get(group);
      if (number === undefined) {
        number = numbers.size + 1;
        numbers.set(group, number);
      }
      const entry = this.entry(account | 0);
      this.table[entry] = account | 0;
      this.table[entry + 1] = number;
    }
  }

  /** Are the accounts (as signed words) the same or of the same group? */
  same(one: number, other: number): boolean {
    if (one === other) return true;
    if (this.empty) return false;
    const group = this.table[this.entry(one) + 1];
    return group !== 0 && group === this.table[this.entry(other) + 1];
  }

  /** Where the account is, or would be. At most half of the table is in use. */
  private entry(account: number): number {
    const { table } = this;
    const mask = table.length - 1;
    let entry = (Math.imul(account, SCATTER) >>> this.shift) << 1;
    while (table[entry + 1] !== 0 && table[entry] !== account) entry = (entry + 2) & mask;
    return entry;
  }
}
