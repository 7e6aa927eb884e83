/**
 * Finds price levels by price, and the neighbour of a new one, for any number of book sides over one pool.
 *
 * A path-compressed radix tree, 32-ary. A price is a 54-bit key of eleven 5-bit digits; a node stands where keys
 * first differ and branches on that one digit, so every node has at least two children: never more nodes than
 * levels, and a price a billion ticks away costs one node like any other. A book of 512 adjacent prices is three nodes deep.
 *
 * A child is 0 (none), a node (> 0), or a level as its complement (~level < 0).
 */
import { fail } from '../lib/assert.js';
import * as levelLayout from './level-layout.js';

// Bound here because V8 folds a module's own constants into the code but not imported ones.
const { KEY_HIGH, KEY_LOW, LEVEL_SHIFT } = levelLayout;

/** A key's low word holds its lower 30 bits (six digits), its high word the rest (five digits). */
const LOW_BITS = 30;
const DIGIT_MASK = 31;

export class PriceTrie {
  declare private readonly roots: Int32Array;
  declare private readonly children: Int32Array;
  /** Which children of a node exist. */
  declare private readonly occupied: Int32Array;
  /** Bit position of the digit that a node branches on, counted over the whole key. */
  declare private readonly shifts: Int32Array;
  declare private readonly levelWords: Int32Array;
  private free = 0;
  private fresh = 0;

  /** `levelWords`: the records whose keys the trie orders; `levels`: how many there are at most. */
  constructor(sides: number, levels: number, levelWords: Int32Array) {
    this.roots = new Int32Array(sides);
    this.children = new Int32Array((levels + 1) * 32);
    this.occupied = new Int32Array(levels + 1);
    this.shifts = new Int32Array(levels + 1);
    this.levelWords = levelWords;
  }

  /** The level with this key, 0 when there is none. */
  find(side: number, keyLow: number, keyHigh: number): number {
    const children = this.children;
    const shifts = this.shifts;
    let node = this.roots[side];
    while (node > 0) {
      const shift = shifts[node];
      const digit = shift < LOW_BITS ? keyLow >>> shift : keyHigh >>> (shift - LOW_BITS);
      node = children[(node << 5) + (digit & DIGIT_MASK)];
    }
    if (node === 0) return 0;
    // Nodes skip the digits that their keys share, so only the level itself can say whether it is the one.
    const level = ~node;
    const words = this.levelWords;
    const found =
      words[(level << LEVEL_SHIFT) | KEY_LOW] === keyLow &&
      words[(level << LEVEL_SHIFT) | KEY_HIGH] === keyHigh;
    return found ? level : 0;
  }

  /**
   * Adds a level whose key is not in the trie. Returns a level next to it in price order (above or below, whichever
   * is at hand), 0 when it is the first of its side.
   */
  insert(side: number, level: number): number {
    const keyLow = this.levelWords[(level << LEVEL_SHIFT) | KEY_LOW];
    const keyHigh = this.levelWords[(level << LEVEL_SHIFT) | KEY_HIGH];
    let parent = 0;
    let node = this.roots[side];
    if (node === 0) {
      this.roots[side] = ~level;
      return 0;
    }
    // Down the key's own digits: to a level, or to a node without a child there.
    while (node > 0) {
      const child = this.children[this.childIndex(node, keyLow, keyHigh)];
      if (child === 0) break;
      parent = node;
      node = child;
    }
    const shift = this.branchShift(this.lowest(node), keyLow, keyHigh);
    // Most new levels belong right there; the others, which differ in a digit that the nodes skip, further up.
    if (parent !== 0 && shift >= this.shifts[parent]) {
      parent = 0;
      node = this.roots[side];
      while (this.shifts[node] > shift) {
        parent = node;
        node = this.children[this.childIndex(node, keyLow, keyHigh)];
      }
    }
    if (node > 0 && this.shifts[node] === shift) return this.addChild(node, level, keyLow, keyHigh);
    return this.split(side, parent, node, shift, level);
  }

  /** Takes out a level that is in the trie. */
  remove(side: number, level: number): void {
    const keyLow = this.levelWords[(level << LEVEL_SHIFT) | KEY_LOW];
    const keyHigh = this.levelWords[(level << LEVEL_SHIFT) | KEY_HIGH];
    let grandparent = 0;
    let parent = 0;
    let node = this.roots[side];
    while (node > 0) {
      grandparent = parent;
      parent = node;
      node = this.children[this.childIndex(node, keyLow, keyHigh)];
    }
    if (parent === 0) {
      this.roots[side] = 0;
      return;
    }
    const index = this.childIndex(parent, keyLow, keyHigh);
    this.children[index] = 0;
    const rest = this.occupied[parent] & ~(1 << (index & DIGIT_MASK));
    this.occupied[parent] = rest;
    if ((rest & (rest - 1)) !== 0) return;
    // One child left: it takes the place of its parent.
    const onlyIndex = (parent << 5) + lowestBit(rest);
    const only = this.children[onlyIndex];
    this.children[onlyIndex] = 0;
    if (grandparent === 0) this.roots[side] = only;
    else this.children[this.childIndex(grandparent, keyLow, keyHigh)] = only;
    this.releaseNode(parent);
  }

  /** Checks the structure of a side and returns its number of levels; throws InvariantError. */
  validate(side: number): number {
    const root = this.roots[side];
    return root === 0 ? 0 : this.validateNode(root, 60);
  }

  private validateNode(node: number, above: number): number {
    if (node < 0) return 1;
    const shift = this.shifts[node];
    if (shift >= above) fail(`trie node ${node}: branches at bit ${shift}, its parent at ${above}`);
    let levels = 0;
    let branches = 0;
    for (let digit = 0; digit < 32; digit++) {
      const child = this.children[(node << 5) + digit];
      if ((child !== 0) !== ((this.occupied[node] & (1 << digit)) !== 0)) {
        fail(`trie node ${node}: digit ${digit} and its bitmap disagree`);
      }
      if (child === 0) continue;
      branches++;
      levels += this.validateNode(child, shift);
      const found = this.lowest(child);
      const index = this.childIndex(
        node,
        this.levelWords[(found << LEVEL_SHIFT) | KEY_LOW],
        this.levelWords[(found << LEVEL_SHIFT) | KEY_HIGH],
      );
      if ((index & DIGIT_MASK) !== digit)
        fail(`trie node ${node}: level ${found} hangs under digit ${digit}`);
    }
    if (branches < 2) fail(`trie node ${node}: has ${branches} children, must have two or more`);
    return levels;
  }

  private childIndex(node: number, keyLow: number, keyHigh: number): number {
    const shift = this.shifts[node];
    const digit = shift < LOW_BITS ? keyLow >>> shift : keyHigh >>> (shift - LOW_BITS);
    return (node << 5) + (digit & DIGIT_MASK);
  }

  /** Position of the highest digit in which the key and the level's key differ. */
  private branchShift(level: number, keyLow: number, keyHigh: number): number {
    const high = this.levelWords[(level << LEVEL_SHIFT) | KEY_HIGH] ^ keyHigh;
    if (high !== 0) return LOW_BITS + digitStart(31 - Math.clz32(high));
    return digitStart(31 - Math.clz32(this.levelWords[(level << LEVEL_SHIFT) | KEY_LOW] ^ keyLow));
  }

  /** Hangs the level under a node that has no child at its digit; returns a neighbour. */
  private addChild(node: number, level: number, keyLow: number, keyHigh: number): number {
    const index = this.childIndex(node, keyLow, keyHigh);
    const digit = index & DIGIT_MASK;
    const occupied = this.occupied[node];
    this.children[index] = ~level;
    this.occupied[node] = occupied | (1 << digit);
    const below = occupied & ((1 << digit) - 1);
    if (below !== 0) return this.highest(this.children[(node << 5) + 31 - Math.clz32(below)]);
    return this.lowest(this.children[(node << 5) + lowestBit(occupied)]);
  }

  /** Puts a new node between `parent` (0: the root) and `node`, branching to the level; returns a neighbour. */
  private split(side: number, parent: number, node: number, shift: number, level: number): number {
    const words = this.levelWords;
    const keyLow = words[(level << LEVEL_SHIFT) | KEY_LOW];
    const keyHigh = words[(level << LEVEL_SHIFT) | KEY_HIGH];
    const other = this.lowest(node);
    const created = this.allocateNode();
    this.shifts[created] = shift;
    const index = this.childIndex(created, keyLow, keyHigh);
    const otherIndex = this.childIndex(
      created,
      words[(other << LEVEL_SHIFT) | KEY_LOW],
      words[(other << LEVEL_SHIFT) | KEY_HIGH],
    );
    this.children[index] = ~level;
    this.children[otherIndex] = node;
    this.occupied[created] = (1 << (index & DIGIT_MASK)) | (1 << (otherIndex & DIGIT_MASK));
    if (parent === 0) this.roots[side] = created;
    else this.children[this.childIndex(parent, keyLow, keyHigh)] = created;
    return index > otherIndex ? this.highest(node) : other;
  }

  private lowest(child: number): number {
    let node = child;
    while (node > 0) node = this.children[(node << 5) + lowestBit(this.occupied[node])];
    return ~node;
  }

  private highest(child: number): number {
    let node = child;
    while (node > 0) node = this.children[(node << 5) + 31 - Math.clz32(this.occupied[node])];
    return ~node;
  }

  /** There are fewer nodes than levels, so the pool cannot run out. Free nodes have no children. */
  private allocateNode(): number {
    const node = this.free;
    if (node === 0) return ++this.fresh;
    this.free = this.shifts[node];
    return node;
  }

  private releaseNode(node: number): void {
    this.occupied[node] = 0;
    this.shifts[node] = this.free;
    this.free = node;
  }
}

function lowestBit(bits: number): number {
  return 31 - Math.clz32(bits & -bits);
}

/** Bit position where the 5-bit digit that holds `bit` starts. */
function digitStart(bit: number): number {
  return bit - (bit % 5);
}
