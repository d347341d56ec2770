/** `viewer` looks, `operator` also changes things. */
export type Role = "viewer" | "operator";
