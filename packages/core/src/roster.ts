/** What a {@link Roster} needs of its members. */
export interface RosterMember {
  /** Where it stands in its roster, which alone writes this; -1 outside. */
  place: number;
}

/**
 * Who is here now, of objects that come and go by the thousand a second; each may be in one roster at a time.
 *
 * Like a `Set`, without what makes a `Set` costly here: as members come and go V8 lays its table anew, and each old table
 * points to its successor. Once a full collection has moved one of them among the old objects, all members of all later
 * tables stay alive, and are copied twice by the collector, until the next full one.
 */
export class Roster<T extends RosterMember> {
  readonly #members: T[] = [];

  get size(): number {
    return this.#members.length;
  }

  add(member: T): void {
    member.place = this.#members.push(member) - 1;
  }

  /** Whether it was here. */
  delete(member: T): boolean {
    const { place } = member;
    if (this.#members[place] !== member) return false;
    const last = this.#members.pop();
    if (last !== undefined && last !== member) {
      this.#members[place] = last;
      last.place = place;
    }
    member.place = -1;
    return true;
  }

  /** Those here now, in no order. Members may leave while the list is walked. */
  members(): T[] {
    return this.#members.slice();
  }
}
