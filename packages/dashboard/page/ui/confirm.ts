import { h } from "./dom.ts";

/** Asks before something that cannot be taken back. Resolves to whether it was agreed to; Escape and a click outside disagree. */
export function confirmed(question: string, explanation: string, verb: string): Promise<boolean> {
  return new Promise((resolve) => {
    const dialog = h(
      "dialog",
      { "aria-labelledby": "confirm-question", class: "confirm" },
      h("h2", { id: "confirm-question" }, question),
      h("p", {}, explanation),
      h(
        "form",
        { method: "dialog", class: "actions" },
        h("button", { value: "no", class: "quiet", autofocus: true }, "Keep"),
        h("button", { value: "yes", class: "danger" }, verb),
      ),
    );
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes");
    });
    dialog.addEventListener("click", (event) => {
      if (event.target === dialog) dialog.close("no");
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}
