import { type Logger, PeriodicService, SECOND, type Service, silentLogger } from "@imgq/core";
import type { Monitor } from "../monitor.ts";
import type { Snapshot } from "../snapshot.ts";
import { Delivery, type DeliveryOptions } from "../notifiers/delivery.ts";
import type { Notifier } from "../notifiers/notifier.ts";
import { type ActiveAlert, activeAlerts, type AlertMessage, type AlertStates } from "./alert.ts";
import type { AlertStore } from "./alert-store.ts";
import { checkRules } from "./check-rules.ts";
import { defaultRules } from "./default-rules.ts";
import { evaluate } from "./evaluate.ts";
import { memoryAlertStore } from "./memory-alert-store.ts";
import { redisAlertStore } from "./redis-alert-store.ts";
import type { AlertRule } from "./rule.ts";

export interface AlertsOptions {
  readonly monitor: Monitor;
  /** @default defaultRules */
  readonly rules?: readonly AlertRule[];
  /** Whom to tell. With none, alerts are shown but this monitor never speaks for the others. @default [] */
  readonly notify?: readonly Notifier[];
  /** @default in the monitor's Redis; in memory when it has none */
  readonly store?: AlertStore;
  /** Milliseconds between two looks. @default 2000 */
  readonly intervalMs?: number;
  readonly delivery?: DeliveryOptions;
  /** @default silent */
  readonly log?: Logger;
}

/** Watches a monitor and tells people once when something goes wrong and once when it is over. */
export interface Alerts extends Service {
  /** One look, outside the schedule. Returns what it announced. Rejects never because Redis is away. */
  check(): Promise<readonly AlertMessage[]>;
  /** What fires now, by the last look of whichever monitor leads. */
  active(): Promise<readonly ActiveAlert[]>;
  /** What was announced, newest first; at most the last 200. Rejects while Redis is away. */
  history(limit?: number): Promise<readonly AlertMessage[]>;
}

/** Milliseconds between two reminders to notifiers that want them. */
const REMIND_EVERY_MS = 60 * SECOND;
/** Milliseconds `stop` waits for messages under way. */
const DRAIN_MS = 3 * SECOND;
/** Milliseconds after an outage that a monitor which did not lead leaves to the one that did. */
const STAND_BACK_MS = 12 * SECOND;

export function createAlerts(options: AlertsOptions): Alerts {
  checkRules(options.rules ?? defaultRules);
  return new AlertService(options);
}

type Lead = "leader" | "follower" | "unreachable";

class AlertService implements Alerts {
  readonly name = "alerts";
  readonly #monitor: Monitor;
  readonly #rules: readonly AlertRule[];
  readonly #store: AlertStore;
  readonly #speaks: boolean;
  readonly #deliveries: readonly Delivery[];
  readonly #log: Logger;
  readonly #schedule: PeriodicService;
  /** Delivered, but the store does not know it yet. */
  readonly #toConfirm = new Set<string>();
  #states: AlertStates = {};
  /** What was said while the store was away, to be kept when it is back; undefined while it is not away. */
  #unkept: AlertMessage[] | undefined;
  /** Whether this monitor led when the store was last heard. Until then nobody else is known to. */
  #led = true;
  #heard = false;
  #standBackUntil = 0;
  #remindedAt = 0;
  #underWay: Promise<readonly AlertMessage[]> | undefined;

  constructor(options: AlertsOptions) {
    const { monitor, notify = [], log = silentLogger, intervalMs = 2 * SECOND } = options;
    this.#monitor = monitor;
    this.#rules = options.rules ?? defaultRules;
    this.#log = log;
    this.#speaks = notify.length > 0;
    this.#deliveries = notify.map((notifier) => new Delivery(notifier, log, options.delivery));
    this.#store =
      options.store ??
      (monitor.redis === undefined ? memoryAlertStore() : redisAlertStore({ redis: monitor.redis, log }));
    this.#schedule = new PeriodicService({
      name: "alerts",
      intervalMs,
      jitter: 0,
      log,
      runOnce: async () => (await this.check()).length,
    });
  }

  get status(): Service["status"] {
    return this.#schedule.status;
  }

  start(): Promise<void> {
    return this.#schedule.start();
  }

  async stop(): Promise<void> {
    await this.#schedule.stop();
    await Promise.all(this.#deliveries.map((delivery) => delivery.stop(DRAIN_MS)));
    await this.#confirmDelivered().catch(() => {});
    if (this.#led) await this.#store.resign().catch(() => {});
    await this.#store.close();
  }

  check(): Promise<readonly AlertMessage[]> {
    this.#underWay ??= this.#look().finally(() => {
      this.#underWay = undefined;
    });
    return this.#underWay;
  }

  async active(): Promise<readonly ActiveAlert[]> {
    return activeAlerts(this.#states);
  }

  history(limit = 100): Promise<readonly AlertMessage[]> {
    return this.#store.history(limit);
  }

  async #look(): Promise<readonly AlertMessage[]> {
    const snapshot = await this.#monitor.snapshot();
    const lead = await this.#askForLead();
    switch (lead) {
      case "unreachable":
        return this.#lookAlone(snapshot);
      case "follower":
        return this.#lookOn(snapshot);
      case "leader":
        // Redis may go away between two calls; whatever was kept until then is not said twice, ids tell.
        return this.#lookAsLeader(snapshot).catch(() => this.#lookAlone(snapshot));
      default:
        return lead satisfies never;
    }
  }

  async #askForLead(): Promise<Lead> {
    try {
      const now = performance.now();
      // Who led before an outage has said "Redis is down" and must be the one to say that it is over.
      if (!this.#speaks || (this.#heard && !this.#led && now < this.#standBackUntil)) return "follower";
      const leads = await this.#store.lead();
      this.#heard = true;
      return leads ? "leader" : "follower";
    } catch (error) {
      this.#standBackUntil = performance.now() + STAND_BACK_MS;
      this.#log.debug("alert store is unreachable", { error });
      return "unreachable";
    }
  }

  async #lookAsLeader(snapshot: Snapshot): Promise<readonly AlertMessage[]> {
    const stored = await this.#store.load();
    const tookOver = !this.#led;
    this.#led = true;
    // What this monitor found out while the store was away is newer than what the store remembers.
    const previous = this.#unkept === undefined ? stored.states : this.#states;
    const { states, messages } = this.#evaluate(snapshot, previous);
    const kept = [...(this.#unkept ?? []), ...messages];
    if ((await this.#store.commit(states, kept)) === "not-leader") {
      this.#led = false;
      return [];
    }
    this.#states = states;
    this.#unkept = undefined;
    const first = tookOver || this.#remindedAt === 0;
    this.#announce(first ? [...stored.undelivered, ...messages] : messages);
    this.#remind(snapshot.at);
    await this.#confirmDelivered();
    return messages;
  }

  /** The store is away: the monitor that led goes on by what it remembers, the others stay silent. */
  #lookAlone(snapshot: Snapshot): readonly AlertMessage[] {
    if (!this.#led && this.#speaks) return [];
    const { states, messages } = this.#evaluate(snapshot, this.#states);
    this.#states = states;
    if (!this.#speaks) return [];
    this.#unkept = [...(this.#unkept ?? []), ...messages];
    this.#announce(messages);
    this.#remind(snapshot.at);
    return messages;
  }

  /** Another monitor speaks; this one shows what that one found, or what it finds itself when nobody leads. */
  async #lookOn(snapshot: Snapshot): Promise<readonly AlertMessage[]> {
    const stored = await this.#store.load().catch(() => undefined);
    if (this.#unkept !== undefined) return this.#endWhatWasSaidAlone(snapshot);
    this.#led = false;
    this.#states = stored?.led === true ? stored.states : this.#evaluate(snapshot, this.#states).states;
    return [];
  }

  /** The lead was lost in an outage: alerts this monitor raised alone are unknown to the new leader, so it ends them itself. */
  #endWhatWasSaidAlone(snapshot: Snapshot): readonly AlertMessage[] {
    const raised = new Set(this.#unkept?.map((message) => `${message.rule}/${message.subject}`));
    const own = Object.fromEntries(Object.entries(this.#states).filter(([key]) => raised.has(key)));
    const { states, messages } = this.#evaluate(snapshot, own);
    const over = messages.filter((message) => message.kind === "cleared");
    this.#states = states;
    if (Object.keys(own).every((key) => states[key] === undefined)) {
      this.#unkept = undefined;
      this.#led = false;
    }
    this.#announce(over);
    return over;
  }

  #evaluate(snapshot: Snapshot, previous: AlertStates): ReturnType<typeof evaluate> {
    const evaluation = evaluate(this.#rules, snapshot, previous, snapshot.at);
    for (const { rule, error } of evaluation.failures) this.#log.error("alert rule failed", { rule, error });
    return evaluation;
  }

  #announce(messages: readonly AlertMessage[]): void {
    for (const message of messages) {
      let open = this.#deliveries.length;
      const settled = (): void => {
        open -= 1;
        if (open === 0) this.#toConfirm.add(message.id);
      };
      for (const delivery of this.#deliveries) delivery.accept(message, settled);
    }
  }

  #remind(now: number): void {
    if (now - this.#remindedAt < REMIND_EVERY_MS) return;
    this.#remindedAt = now;
    for (const delivery of this.#deliveries) delivery.remind(activeAlerts(this.#states));
  }

  async #confirmDelivered(): Promise<void> {
    const ids = [...this.#toConfirm];
    await this.#store.delivered(ids);
    for (const id of ids) this.#toConfirm.delete(id);
  }
}
