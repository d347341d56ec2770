import { alphaMask } from "./alpha";

/** The change of each step that the samples have reached, added to `values`. */
@inline
function raised(values: v128, samples: v128, level: v128, change: v128): v128 {
  return i8x16.add(values, v128.and(i8x16.ge_u(samples, level), change));
}

/**
 * Replaces every byte by what a table of few different stretches says, in place, alpha kept: `first` for 0, and what is
 * added, modulo 256, from each of `count` levels on; `list` holds level and change, a byte each. In steps of 16 bytes.
 */
export function steps(at: usize, bytes: i32, channels: i32, first: i32, count: i32, list: usize): void {
  const end = at + <usize>bytes;
  const last = list + (<usize>count << 1);
  const keep = alphaMask(channels);
  const start = i8x16.splat(<i8>first);
  // Four vectors at once share what is loaded of the list.
  while (at + 48 < end) {
    const one = v128.load(at);
    const two = v128.load(at, 16);
    const three = v128.load(at, 32);
    const four = v128.load(at, 48);
    let newOne = start;
    let newTwo = start;
    let newThree = start;
    let newFour = start;
    for (let step = list; step < last; step += 2) {
      const level = v128.load8_splat(step);
      const change = v128.load8_splat(step, 1);
      newOne = raised(newOne, one, level, change);
      newTwo = raised(newTwo, two, level, change);
      newThree = raised(newThree, three, level, change);
      newFour = raised(newFour, four, level, change);
    }
    v128.store(at, v128.bitselect(one, newOne, keep));
    v128.store(at, v128.bitselect(two, newTwo, keep), 16);
    v128.store(at, v128.bitselect(three, newThree, keep), 32);
    v128.store(at, v128.bitselect(four, newFour, keep), 48);
    at += 64;
  }
  while (at < end) {
    const samples = v128.load(at);
    let values = start;
    for (let step = list; step < last; step += 2) {
      values = raised(values, samples, v128.load8_splat(step), v128.load8_splat(step, 1));
    }
    v128.store(at, v128.bitselect(samples, values, keep));
    at += 16;
  }
}
