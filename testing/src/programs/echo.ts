// For the harness's own tests: says that it started, then what it was told to do.
const [what = "wait"] = process.argv.slice(2);

console.log(JSON.stringify({ event: "started", what, testRunner: process.env.VITEST ?? "none" }));
if (what === "wait") setInterval(() => {}, 1000);
if (what === "count") {
  let count = 0;
  setInterval(() => console.log(JSON.stringify({ event: "counted", count: ++count })), 5);
}
if (what === "exit") process.exitCode = 3;
if (what === "throw") throw new Error("on purpose");
process.once("SIGTERM", () => {
  console.log("terminating");
  process.exit(0);
});
