import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { beforeAll, describe, expect, it } from "vitest";
import { Roster, type RosterMember } from "./roster.ts";

interface Guest extends RosterMember {
  readonly name: string;
}

const guest = (name: string): Guest => ({ name, place: -1 });
const names = (roster: Roster<Guest>): string[] => roster.members().map(({ name }) => name);

describe("a roster", () => {
  it("has whoever came and did not leave, whatever the order", () => {
    const roster = new Roster<Guest>();
    const [ada, bob, cem, dee] = [guest("ada"), guest("bob"), guest("cem"), guest("dee")];
    for (const one of [ada, bob, cem]) roster.add(one);
    expect(roster.delete(ada)).toBe(true);
    expect(roster.delete(cem)).toBe(true);
    roster.add(dee);
    expect(names(roster).sort()).toEqual(["bob", "dee"]);
    expect(roster.size).toBe(2);
  });

  it("says of one that is not here that it was not, and lets it come again", () => {
    const roster = new Roster<Guest>();
    const [ada, bob] = [guest("ada"), guest("bob")];
    roster.add(ada);
    expect(roster.delete(bob)).toBe(false);
    expect(roster.delete(ada)).toBe(true);
    expect(roster.delete(ada)).toBe(false);
    roster.add(ada);
    expect(names(roster)).toEqual(["ada"]);
  });

  it("lets everybody leave while its list is walked", () => {
    const roster = new Roster<Guest>();
    for (let index = 0; index < 10; index += 1) roster.add(guest(`guest ${index}`));
    const seen = roster.members().filter((one) => roster.delete(one));
    expect(seen).toHaveLength(10);
    expect(roster.size).toBe(0);
  });
});

describe("the memory of those that left", () => {
  let collect: (options?: { readonly type: "minor" }) => void = () => {};

  beforeAll(() => {
    setFlagsFromString("--expose-gc");
    collect = runInNewContext("gc") as typeof collect;
  });

  /** Bytes that stay when 20,000 members of a kilobyte have come and gone, without a full collection. */
  function keptBy(crowd: Pick<Roster<Guest>, "add" | "delete">): number {
    const present: Guest[] = [];
    const turnOver = (members: number): void => {
      for (let index = 0; index < members; index += 1) {
        const member = { ...guest("guest"), luggage: Array.from({ length: 128 }, () => index) };
        crowd.add(member);
        present.push(member);
        const oldest = present.length > 100 ? present.shift() : undefined;
        if (oldest !== undefined) crowd.delete(oldest);
      }
    };
    turnOver(1000);
    collect();
    const before = process.memoryUsage().heapUsed;
    turnOver(20_000);
    collect({ type: "minor" });
    collect({ type: "minor" });
    return process.memoryUsage().heapUsed - before;
  }

  it("is free at the next small collection", () => {
    expect(keptBy(new Roster<Guest>())).toBeLessThan(4 * 1024 * 1024);
  });
});
