/** The operations of the domain's smaller entities. Their code is loaded with the first call of one of them (docs/decisions/0034). */
import { loadedFunctions } from "../kernel/loaded.ts";
import type { ActivityOperations } from "./activity/activities.ts";
import type { PhoneNumberOperations } from "./contact-point/phone-numbers.ts";
import type { DomainContext } from "./domain-model.ts";
import type { ExchangeRateOperations } from "./exchange-rate/exchange-rates.ts";
import type { ExternalIdOperations } from "./external-id/external-ids.ts";
import type { QueueOperations } from "./ownership/queues.ts";
import type { PipelineOperations } from "./pipeline/pipelines.ts";
import type { SettingsOperations } from "./settings/tenant-settings.ts";
import type { TagOperations } from "./tag/tags.ts";
import type { UserOperations } from "./user/users.ts";
import type { FavoriteOperations } from "./view/favorites.ts";
import type { SavedViewOperations } from "./view/saved-views.ts";

export const pipelineOperations = loadedFunctions<DomainContext, PipelineOperations>(
  { define: true },
  async () => (await import("./operation-rules.ts")).pipelineOperations,
);
export const phoneNumberOperations = loadedFunctions<DomainContext, PhoneNumberOperations>(
  { normalizeAgain: true },
  async () => (await import("./operation-rules.ts")).phoneNumberOperations,
);
export const externalIdOperations = loadedFunctions<DomainContext, ExternalIdOperations>(
  { resolve: true },
  async () => (await import("./operation-rules.ts")).externalIdOperations,
);
export const activityOperations = loadedFunctions<DomainContext, ActivityOperations>(
  {
    complete: true,
    addNote: true,
    addParticipants: true,
    resolveParticipants: true,
    link: true,
    linkMany: true,
    unlink: true,
    of: true,
    remind: true,
    agenda: true,
    timeline: true,
  },
  async () => (await import("./operation-rules.ts")).activityOperations,
);
export const tagOperations = loadedFunctions<DomainContext, TagOperations>(
  { add: true, remove: true, of: true },
  async () => (await import("./operation-rules.ts")).tagOperations,
);
export const favoriteOperations = loadedFunctions<DomainContext, FavoriteOperations>(
  { add: true, remove: true, of: true },
  async () => (await import("./operation-rules.ts")).favoriteOperations,
);
export const savedViewOperations = loadedFunctions<DomainContext, SavedViewOperations>(
  { run: true, visibleTo: true },
  async () => (await import("./operation-rules.ts")).savedViewOperations,
);
export const queueOperations = loadedFunctions<DomainContext, QueueOperations>(
  { put: true, waiting: true, take: true, assign: true },
  async () => (await import("./operation-rules.ts")).queueOperations,
);
export const userOperations = loadedFunctions<DomainContext, UserOperations>(
  { transfer: true, deactivate: true },
  async () => (await import("./operation-rules.ts")).userOperations,
);
export const settingsOperations = loadedFunctions<DomainContext, SettingsOperations>(
  { current: true, today: true, change: true },
  async () => (await import("./operation-rules.ts")).settingsOperations,
);
export const exchangeRateOperations = loadedFunctions<DomainContext, ExchangeRateOperations>(
  { convert: true, convertMany: true, ratios: true },
  async () => (await import("./operation-rules.ts")).exchangeRateOperations,
);
