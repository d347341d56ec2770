import type { Page } from "playwright-core";

/** Texts that are shown with less contrast than WCAG AA asks for: 4.5, or 3 where they are large. */
export function measureContrast(page: Page): Promise<string[]> {
  return page.evaluate(`(() => {
    const channels = (color) => (color.match(/[\\d.]+/g) ?? []).map(Number);
    const over = (top, below) => {
      const alpha = top[3] ?? 1;
      return [0, 1, 2].map((index) => top[index] * alpha + below[index] * (1 - alpha));
    };
    const backgroundOf = (element) => {
      const layers = [];
      for (let at = element; at !== null; at = at.parentElement) layers.push(channels(getComputedStyle(at).backgroundColor));
      return layers.reverse().reduce((below, layer) => over(layer, below), [255, 255, 255]);
    };
    const luminance = (color) => {
      const [r, g, b] = color.map((value) => {
        const part = value / 255;
        return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const bad = new Set();
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      const element = node.parentElement;
      if (node.data.trim() === "" || element.getClientRects().length === 0 || element.closest("option, noscript, script")) continue;
      const style = getComputedStyle(element);
      const background = backgroundOf(element);
      const [light, dark] = [luminance(over(channels(style.color), background)), luminance(background)].sort((a, b) => b - a);
      const ratio = (light + 0.05) / (dark + 0.05);
      const large = parseFloat(style.fontSize) >= 24 || (parseFloat(style.fontSize) >= 18.66 && Number(style.fontWeight) >= 700);
      if (ratio < (large ? 3 : 4.5)) bad.add(element.tagName + "." + element.className + " has " + ratio.toFixed(2) + ": " + node.data.slice(0, 30));
    }
    return [...bad];
  })()`);
}
