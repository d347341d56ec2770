import type { AlertMessage, AlertStates } from "./alert.ts";
import { type AlertStore, HISTORY_LENGTH } from "./alert-store.ts";

/** Remembers alerts in this process: for queues in memory, and for one monitor that may ring again after a restart. */
export function memoryAlertStore(): AlertStore {
  let states: AlertStates = {};
  let said: readonly AlertMessage[] = [];
  const undelivered = new Map<string, AlertMessage>();
  return {
    lead: async () => true,
    load: async () => ({ led: true, states, undelivered: [...undelivered.values()] }),
    commit: async (newStates, messages) => {
      states = newStates;
      for (const message of messages) undelivered.set(message.id, message);
      said = [...messages.toReversed(), ...said].slice(0, HISTORY_LENGTH);
      return "ok";
    },
    delivered: async (ids) => {
      for (const id of ids) undelivered.delete(id);
    },
    history: async (limit) => said.slice(0, limit),
    resign: async () => {},
    close: async () => {},
  };
}
