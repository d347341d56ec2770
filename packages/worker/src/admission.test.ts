import { describe, expect, it } from "vitest";
import { type Candidate, type Load, type Memory, mayStart } from "./admission.ts";

const light: Candidate = { solo: false, weightBytes: 0 };
const big: Candidate = { solo: false, weightBytes: 600 };
const suspect: Candidate = { solo: true, weightBytes: 0 };

const nothing: Load = { count: 0, solo: false, weightBytes: 0 };
const beside = ({ solo, weightBytes }: Candidate): Load => ({ count: 1, solo, weightBytes });
const memory: Memory = { restingBytes: 100, residentBytes: 100, limitBytes: 1000 };

describe("admission of a task", () => {
  it("starts anything when nothing runs, however full the memory is", () => {
    for (const candidate of [light, big, suspect]) {
      expect(mayStart(candidate, nothing, { ...memory, residentBytes: 5000 })).toBe(true);
    }
  });

  it("runs a suspect alone", () => {
    expect(mayStart(suspect, beside(light), memory)).toBe(false);
    expect(mayStart(light, beside(suspect), memory)).toBe(false);
  });

  it("starts nothing beside others above the memory limit", () => {
    expect(mayStart(light, beside(light), { ...memory, residentBytes: 1001 })).toBe(false);
    expect(mayStart(light, beside(light), { ...memory, residentBytes: 1000 })).toBe(true);
  });

  it("does not start a big task beside another big one, but small ones beside it", () => {
    expect(mayStart(big, beside(big), memory)).toBe(false);
    expect(mayStart(light, beside(big), memory)).toBe(true);
    expect(mayStart({ solo: false, weightBytes: 300 }, beside(big), memory)).toBe(true);
  });
});
