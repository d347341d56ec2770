/** A page as shown: its element, and how to end what it began. */
export interface View {
  readonly title: string;
  readonly element: HTMLElement;
  destroy?(): void;
}

export interface Place {
  /** `["tasks", "images", "id"]` of `#/tasks/images/id?x=y`. */
  readonly path: readonly string[];
  readonly query: URLSearchParams;
}

/** Where the address says we are. The part after # works below any path a server is mounted at. */
export function currentPlace(): Place {
  const [path = "", query = ""] = location.hash.replace(/^#\/?/, "").split("?");
  return {
    path: path
      .split("/")
      .filter((part) => part !== "")
      .map(decodeSafely),
    query: new URLSearchParams(query),
  };
}

/** An address within the page; undefined values are left out. */
export function address(
  path: readonly string[],
  query: Readonly<Record<string, string | undefined>> = {},
): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query))
    if (value !== undefined && value !== "") search.set(name, value);
  const text = search.toString();
  return `#/${path.map(encodeURIComponent).join("/")}${text === "" ? "" : `?${text}`}`;
}

function decodeSafely(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
