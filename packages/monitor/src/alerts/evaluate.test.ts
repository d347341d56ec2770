import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { snapshotOf } from "../../test/builders.ts";
import type { AlertStates } from "./alert.ts";
import { evaluate } from "./evaluate.ts";
import type { AlertRule, Measurement } from "./rule.ts";

const snapshot = snapshotOf();
const T0 = 1_700_000_000_000;

/** A rule over whatever `measured` holds at the moment. */
function ruleOver(measured: { now: readonly Measurement[] }, overrides: Partial<AlertRule> = {}): AlertRule {
  return {
    name: "heat",
    severity: "warning",
    measure: () => measured.now,
    above: 10,
    describe: ({ subject, value }) => `${subject} has ${value}`,
    ...overrides,
  };
}

/** Plays values one after another, `stepMs` apart, and tells what was said after each. */
function play(
  rule: Partial<AlertRule>,
  values: readonly (number | undefined | "gone" | { value: number; sample: number })[],
  stepMs = 1000,
): { said: string[]; states: AlertStates } {
  const measured: { now: readonly Measurement[] } = { now: [] };
  const rules = [ruleOver(measured, rule)];
  let states: AlertStates = {};
  const said = values.map((value, index) => {
    measured.now =
      value === "gone" ? [] : [{ subject: "a", ...(typeof value === "object" ? value : { value }) }];
    const round = evaluate(rules, snapshot, states, T0 + index * stepMs);
    states = round.states;
    return round.messages.map((message) => message.kind).join();
  });
  return { said, states };
}

describe("an alert", () => {
  it("fires once and clears once, however long it is bad or good", () => {
    expect(play({}, [5, 11, 12, 13, 10, 9, 8]).said).toEqual(["", "fired", "", "", "cleared", "", ""]);
  });

  it("shows how it is now without being told again, and the last bad value while it may be over", () => {
    const values = [11, 500, 7, 5];
    const shown = values.map((_, index) => {
      const { states } = play({ clearAt: 6, clearForMs: 2000 }, values.slice(0, index + 1));
      const state = states["heat/a"];
      return state?.phase === "firing" ? [state.value, state.summary, state.firedAt - T0] : [];
    });
    expect(shown).toEqual([
      [11, "a has 11", 0],
      [500, "a has 500", 0],
      [7, "a has 7", 0],
      [7, "a has 7", 0],
    ]);
    expect(play({ clearAt: 6, clearForMs: 2000 }, values).said).toEqual(["fired", "", "", ""]);
  });

  it("does not fire at its limit, only above it", () => {
    expect(play({}, [10, 10.001]).said).toEqual(["", "fired"]);
  });

  it("waits until it has been bad for long enough, and begins again after one good value", () => {
    expect(play({ forMs: 2000 }, [11, 11, 5, 11, 11, 11]).said).toEqual(["", "", "", "", "", "fired"]);
  });

  it("clears only after it has been good for long enough, and begins again after one bad value", () => {
    expect(play({ clearForMs: 2000 }, [11, 5, 5, 11, 5, 5, 5]).said).toEqual([
      "fired",
      "",
      "",
      "",
      "",
      "",
      "cleared",
    ]);
  });

  it("neither starts nor ends between the two limits", () => {
    expect(play({ clearAt: 6 }, [8, 11, 8, 7, 6]).said).toEqual(["", "fired", "", "", "cleared"]);
    expect(play({ clearAt: 6, forMs: 1000 }, [11, 8, 11, 11]).said).toEqual(["", "", "", "fired"]);
    expect(play({ clearAt: 6, clearForMs: 2000 }, [11, 5, 8, 5, 5, 5]).said.at(-1)).toBe("cleared");
  });

  it("stays as it is while its value cannot be told", () => {
    expect(play({}, [11, undefined, undefined, 5]).said).toEqual(["fired", "", "", "cleared"]);
    expect(play({}, [5, undefined, 11]).said).toEqual(["", "", "fired"]);
    // The waiting goes on meanwhile: what was bad before and is bad after was bad.
    expect(play({ forMs: 2000 }, [11, undefined, 11]).said).toEqual(["", "", "fired"]);
  });

  it("takes a value with too few observations for a good one", () => {
    const few = { value: 100, sample: 19 };
    const enough = { value: 100, sample: 20 };
    expect(play({ minimumSample: 20 }, [few, enough, few]).said).toEqual(["", "fired", "cleared"]);
  });

  it("clears when its subject is gone, after the same patience", () => {
    expect(play({ clearForMs: 1000 }, [11, "gone", "gone"]).said).toEqual(["fired", "", "cleared"]);
    expect(play({ forMs: 5000 }, [11, "gone"]).states).toEqual({});
  });

  it("treats NaN as neither good nor bad", () => {
    expect(play({}, [11, Number.NaN, 5]).said).toEqual(["fired", "", "cleared"]);
  });

  it("forgets what is well", () => {
    expect(play({}, [11, 5]).states).toEqual({});
  });

  it("tells when it began, when it fired and how it was described then", () => {
    const measured = { now: [{ subject: "a/b", value: 11 }] };
    const rules = [ruleOver(measured, { forMs: 1000, severity: "critical" })];
    const waiting = evaluate(rules, snapshot, {}, T0);
    measured.now = [{ subject: "a/b", value: 15 }];
    const { messages, states } = evaluate(rules, snapshot, waiting.states, T0 + 1500);
    expect(messages).toEqual([
      {
        id: `heat/a/b@${T0 + 1500}:fired`,
        kind: "fired",
        rule: "heat",
        subject: "a/b",
        severity: "critical",
        summary: "a/b has 15",
        value: 15,
        firedAt: T0 + 1500,
        at: T0 + 1500,
      },
    ]);
    expect(states["heat/a/b"]).toMatchObject({ phase: "firing", since: T0, firedAt: T0 + 1500 });
    measured.now = [{ subject: "a/b", value: 1 }];
    const end = evaluate(rules, snapshot, states, T0 + 9000);
    expect(end.messages).toMatchObject([
      { kind: "cleared", subject: "a/b", value: 1, firedAt: T0 + 1500, at: T0 + 9000, summary: "a/b has 15" },
    ]);
  });
});

describe("several alerts", () => {
  it("are independent by subject", () => {
    const measured = {
      now: [
        { subject: "a", value: 11 },
        { subject: "b", value: 5 },
      ],
    };
    const rules = [ruleOver(measured)];
    const first = evaluate(rules, snapshot, {}, T0);
    measured.now = [
      { subject: "a", value: 11 },
      { subject: "b", value: 11 },
    ];
    const second = evaluate(rules, snapshot, first.states, T0 + 1);
    expect(first.messages.map((message) => message.subject)).toEqual(["a"]);
    expect(second.messages.map((message) => message.subject)).toEqual(["b"]);
  });

  it("are not silenced by a rule that throws, whose own alerts stay as they were", () => {
    const measured = { now: [{ subject: "a", value: 11 }] };
    let broken = false;
    const fragile = ruleOver(measured, {
      name: "fragile",
      measure: () => {
        if (broken) throw new Error("cannot");
        return measured.now;
      },
    });
    const before = evaluate([fragile], snapshot, {}, T0);
    broken = true;
    const after = evaluate([fragile, ruleOver(measured)], snapshot, before.states, T0 + 1);
    expect(after.failures).toMatchObject([{ rule: "fragile" }]);
    expect(after.messages.map((message) => message.rule)).toEqual(["heat"]);
    expect(after.states["fragile/a"]).toEqual(before.states["fragile/a"]);
  });

  it("end when their rule is taken out of the program", () => {
    const measured = { now: [{ subject: "a", value: 11 }] };
    const { states } = evaluate([ruleOver(measured)], snapshot, {}, T0);
    const after = evaluate([], snapshot, states, T0 + 1);
    expect(after.messages).toMatchObject([{ kind: "cleared", rule: "heat" }]);
    expect(after.states).toEqual({});
  });
});

describe("any history", () => {
  const value = fc.oneof(
    fc.integer({ min: 0, max: 20 }),
    fc.constant(undefined),
    fc.constant("gone" as const),
  );
  const options = fc.record({
    clearAt: fc.integer({ min: 0, max: 10 }),
    forMs: fc.integer({ min: 0, max: 4000 }),
    clearForMs: fc.integer({ min: 0, max: 4000 }),
  });

  it("says fired and cleared in turn, beginning with fired", () => {
    fc.assert(
      fc.property(options, fc.array(value, { maxLength: 60 }), (rule, values) => {
        const kinds = play(rule, values).said.filter((kind) => kind !== "");
        expect(kinds.every((kind, index) => kind === (index % 2 === 0 ? "fired" : "cleared"))).toBe(true);
      }),
    );
  });

  it("fires only after every value of the last forMs was bad or unknown", () => {
    fc.assert(
      fc.property(options, fc.array(value, { maxLength: 60 }), (rule, values) => {
        play(rule, values).said.forEach((kind, index) => {
          if (kind !== "fired") return;
          const span = values.slice(Math.max(0, index - Math.ceil(rule.forMs / 1000)), index + 1);
          expect(span.every((each) => each === undefined || (typeof each === "number" && each > 10))).toBe(
            true,
          );
        });
      }),
    );
  });

  it("is the same when the states travel through JSON", () => {
    fc.assert(
      fc.property(options, fc.array(value, { maxLength: 30 }), (rule, values) => {
        const measured: { now: readonly Measurement[] } = { now: [] };
        const rules = [ruleOver(measured, rule)];
        let direct: AlertStates = {};
        let stored: AlertStates = {};
        values.forEach((each, index) => {
          measured.now = each === "gone" ? [] : [{ subject: "a", value: each }];
          const one = evaluate(rules, snapshot, direct, T0 + index * 1000);
          const other = evaluate(rules, snapshot, stored, T0 + index * 1000);
          expect(other.messages).toEqual(one.messages);
          direct = one.states;
          stored = JSON.parse(JSON.stringify(other.states));
        });
      }),
    );
  });
});
