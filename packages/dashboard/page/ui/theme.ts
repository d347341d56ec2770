import { h, setAttribute } from "./dom.ts";

const themes = ["auto", "light", "dark"] as const;
type Theme = (typeof themes)[number];
const key = "imgq-theme";
const listeners = new Set<() => void>();
const system = matchMedia("(prefers-color-scheme: dark)");

/** Applies the theme chosen earlier; "auto" follows the system. */
export function startTheme(): void {
  apply(stored());
  system.addEventListener("change", announce);
}

/** Calls `listener` when colours have changed: drawings must be made anew. */
export function onThemeChange(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function themeButton(): HTMLButtonElement {
  const button = h("button", { type: "button", class: "quiet icon-button" });
  const show = (): void => {
    const theme = stored();
    setAttribute(button, "aria-label", `Theme: ${theme}`);
    setAttribute(button, "title", `Theme: ${theme}`);
    button.textContent = { auto: "◐", light: "☀", dark: "☾" }[theme];
  };
  button.addEventListener("click", () => {
    const next = themes[(themes.indexOf(stored()) + 1) % themes.length] ?? "auto";
    try {
      localStorage.setItem(key, next);
    } catch {
      // Private windows may refuse to store; the theme then lasts as long as the page.
    }
    apply(next);
    show();
    announce();
  });
  show();
  return button;
}

function stored(): Theme {
  let text: string | null = null;
  try {
    text = localStorage.getItem(key);
  } catch {
    // As above.
  }
  return themes.find((theme) => theme === text) ?? "auto";
}

function apply(theme: Theme): void {
  if (theme === "auto") document.documentElement.removeAttribute("data-theme");
  else document.documentElement.setAttribute("data-theme", theme);
}

function announce(): void {
  for (const listener of listeners) listener();
}
