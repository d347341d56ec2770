/** The filters of a picture's payload as a person writes them: `grayscale | blur(2)`. Undefined when there are none. */
export function stepsText(payload: unknown): string | undefined {
  const steps = fieldOf(payload, "filters");
  if (!Array.isArray(steps) || steps.length === 0) return undefined;
  return steps.map(stepText).join(" | ");
}

function stepText(step: unknown): string {
  const name = fieldOf(step, "filter");
  const params = fieldOf(step, "params");
  const given = typeof params === "object" && params !== null ? Object.entries(params) : [];
  const [first] = given;
  const inside =
    given.length === 1 && first !== undefined && typeof first[1] !== "object"
      ? String(first[1])
      : given
          .map(([key, value]) => `${key}=${typeof value === "object" ? JSON.stringify(value) : value}`)
          .join(", ");
  const called = typeof name === "string" ? name : "?";
  return inside === "" ? called : `${called}(${inside})`;
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null && Object.hasOwn(value, name)
    ? Reflect.get(value, name)
    : undefined;
}
