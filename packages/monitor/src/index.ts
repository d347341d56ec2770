export {
  activeAlerts,
  type ActiveAlert,
  type AlertMessage,
  type AlertState,
  type AlertStates,
} from "./alerts/alert.ts";
export type { AlertStore, StoredAlerts } from "./alerts/alert-store.ts";
export { type Alerts, type AlertsOptions, createAlerts } from "./alerts/alerts.ts";
export {
  allWorkersDead,
  deadLetters,
  defaultRules,
  failureRate,
  noProgress,
  oldestPending,
  redisDown,
  redisMemory,
  workerWedged,
} from "./alerts/default-rules.ts";
export { type Evaluation, evaluate } from "./alerts/evaluate.ts";
export { memoryAlertStore } from "./alerts/memory-alert-store.ts";
export { redisAlertStore, type RedisAlertStoreOptions } from "./alerts/redis-alert-store.ts";
export { type AlertRule, type Measurement, severities, type Severity } from "./alerts/rule.ts";
export { type Backlog, backlogOf, type QueueBacklog } from "./backlog.ts";
export {
  type DeadGroup,
  deadGroups,
  type DeadGroups,
  type DeadGroupsOptions,
  idsOfDeadGroup,
} from "./dead-groups.ts";
export { NotifyFailedError, NotifyRefusedError } from "./errors.ts";
export { type Finding, findingsOf } from "./findings.ts";
export { createMonitor, type Monitor } from "./monitor.ts";
export { alertmanagerNotifier, type AlertmanagerNotifierOptions } from "./notifiers/alertmanager-notifier.ts";
export { consoleNotifier, type ConsoleNotifierOptions } from "./notifiers/console-notifier.ts";
export type { DeliveryOptions } from "./notifiers/delivery.ts";
export type { Notifier } from "./notifiers/notifier.ts";
export { slackNotifier } from "./notifiers/slack-notifier.ts";
export { verifyWebhook, webhookNotifier, type WebhookNotifierOptions } from "./notifiers/webhook-notifier.ts";
export type { MonitorOptions } from "./options.ts";
export { prometheusContentType } from "./prometheus/exposition.ts";
export { metricFamilies, renderPrometheus } from "./prometheus/metrics.ts";
export type {
  QueueSnapshot,
  RedisDown,
  RedisHealth,
  RedisUp,
  Snapshot,
  WorkersSnapshot,
} from "./snapshot.ts";
