/** A child of a list that knows how to show newer values of the same thing. */
export interface Item<T> {
  readonly element: Element;
  update(value: T): void;
}

/**
 * Keeps the children of `parent` in step with a list of values. A value with a known key updates its element in place,
 * so that focus, selection and hover survive each second's news.
 */
export class KeyedList<T> {
  readonly #parent: Element;
  readonly #key: (value: T) => string;
  readonly #create: (value: T) => Item<T>;
  readonly #items = new Map<string, Item<T>>();

  constructor(parent: Element, key: (value: T) => string, create: (value: T) => Item<T>) {
    this.#parent = parent;
    this.#key = key;
    this.#create = create;
  }

  update(values: readonly T[]): void {
    const wanted = new Set(values.map(this.#key));
    for (const [key, item] of this.#items) {
      if (wanted.has(key)) continue;
      item.element.remove();
      this.#items.delete(key);
    }
    values.forEach((value, index) => {
      const key = this.#key(value);
      let item = this.#items.get(key);
      if (item === undefined) {
        item = this.#create(value);
        this.#items.set(key, item);
      }
      item.update(value);
      if (this.#parent.children[index] !== item.element) {
        this.#parent.insertBefore(item.element, this.#parent.children[index] ?? null);
      }
    });
  }
}
