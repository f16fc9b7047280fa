// Something done to several conversations: part by part, so that it can be watched and stopped, with what became of
// each, and with what takes it back.
import { ApiProblem } from '../api/http';
import * as lists from '../api/lists';
import type { BulkAction, BulkResult } from '../api/lists';
import type { ConversationId } from '../api/types';
import type { LiveStore } from './store';
import { Topics } from './topics';

/** Small enough that progress is seen, and that stopping means something. */
const partSize = 25;
/** The gateway gives no more rows at a time. */
const mostRows = 200;
/** A lost answer is asked for again under the same key, which does nothing twice. */
const tries = 3;
const pause = 1_000;
/** Longer than this nobody waits to be told what became of it. */
const longestLook = 4_000;

export interface BulkState {
  readonly action: BulkAction;
  /** True while, and after, something was taken back. */
  readonly isUndo: boolean;
  readonly total: number;
  readonly results: readonly BulkResult[];
  readonly isRunning: boolean;
}

export interface BulkStep {
  readonly ids: readonly ConversationId[];
  readonly action: BulkAction;
}

/** Of each, the newest message that was known here when somebody pressed. */
type Seen = ReadonlyMap<ConversationId, number>;

interface Deed {
  readonly action: BulkAction;
  readonly isUndo: boolean;
  readonly seen: Seen;
}

/**
 * What takes these results back. Out of Resolved one comes only to New, so that what was Pending takes two steps;
 * whom it belonged to is then routing's to say.
 */
export function undoSteps(action: BulkAction, results: readonly BulkResult[]): BulkStep[] {
  const done = results.filter((result) => result.done && result.before);
  const idsOf = (those: readonly BulkResult[]): ConversationId[] =>
    those.map((result) => result.conversation_id);
  const steps: BulkStep[] = [];
  if ('to' in action) {
    const changed = done.filter((result) => result.before?.state !== action.to);
    const were = (state: string) => idsOf(changed.filter((result) => result.before?.state === state));
    if (action.to === 'new') {
      steps.push({ ids: were('resolved'), action: { to: 'resolved' } });
    } else {
      steps.push({ ids: idsOf(changed), action: { to: 'new' } });
    }
    steps.push({ ids: were('pending'), action: { to: 'pending' } });
  } else {
    const changed = done.filter((result) => result.before?.owner_member_id !== action.assign_to);
    for (const owner of new Set(changed.map((result) => result.before?.owner_member_id ?? null))) {
      const theirs = changed.filter((result) => (result.before?.owner_member_id ?? null) === owner);
      steps.push({ ids: idsOf(theirs), action: { assign_to: owner } });
    }
  }
  return steps.filter((step) => step.ids.length > 0);
}

export class Bulk {
  #state: BulkState | null = null;
  /** Of the last action: what undoes it has seen no more than it had. */
  #seen: Seen = new Map();
  #isStopped = false;
  readonly #topics = new Topics<'bulk'>();

  constructor(private readonly store: LiveStore) {}

  get state(): BulkState | null {
    return this.#state;
  }

  subscribe(listener: () => void): () => void {
    return this.#topics.subscribe('bulk', listener);
  }

  get canUndo(): boolean {
    const { isRunning = true, isUndo = true, action, results = [] } = this.#state ?? {};
    return !isRunning && !isUndo && action !== undefined && undoSteps(action, results).length > 0;
  }

  run(ids: readonly ConversationId[], action: BulkAction): Promise<void> {
    // Now, and not when its part is sent: what is written meanwhile nobody has seen.
    const seen = new Map(ids.map((id) => [id, this.store.knownSequence(id)]));
    return this.#runAll([{ ids, action }], { action, isUndo: false, seen });
  }

  /** The same once more for those that it was refused for; a press of its own, by somebody who was told why. */
  retry(): Promise<void> {
    const { action, results = [] } = this.#state ?? {};
    const failed = results.filter((result) => !result.done).map((result) => result.conversation_id);
    return action ? this.run(failed, action) : Promise.resolve();
  }

  undo(): Promise<void> {
    if (!this.#state || !this.canUndo) return Promise.resolve();
    const { action, results } = this.#state;
    return this.#runAll(undoSteps(action, results), { action, isUndo: true, seen: this.#seen });
  }

  /** What has not begun is left out; what has begun is finished. */
  stop(): void {
    this.#isStopped = true;
  }

  close(): void {
    if (this.#state?.isRunning) return;
    this.#set(null);
  }

  async #runAll(steps: readonly BulkStep[], { action, isUndo, seen }: Deed): Promise<void> {
    if (this.#state?.isRunning) return;
    this.#isStopped = false;
    this.#seen = seen;
    const outcome = new Map<ConversationId, BulkResult>();
    const total = new Set(steps.flatMap((step) => step.ids)).size;
    const show = (isRunning: boolean): void =>
      this.#set({ action, isUndo, total, results: [...outcome.values()], isRunning });
    show(true);
    for (const step of steps) {
      // What the first of two steps was refused for, the second is not tried for.
      const ids = step.ids.filter((id) => outcome.get(id)?.done !== false);
      for (let at = 0; at < ids.length; at += partSize) {
        const part = ids.slice(at, at + partSize).filter((id) => !this.#isStopped || outcome.has(id));
        if (part.length === 0) continue;
        // oxlint-disable-next-line no-await-in-loop -- part by part, so that it can be stopped
        const results = await this.#part(part, step.action, seen);
        for (const result of results) outcome.set(result.conversation_id, result);
        show(true);
      }
    }
    await Promise.race([this.#showRefused([...outcome.values()]), after(longestLook)]);
    show(false);
  }

  /** They are named, and show what was written meanwhile, before anybody can press again. */
  async #showRefused(results: readonly BulkResult[]): Promise<void> {
    const refused = results.filter(({ done, code }) => !done && code !== 'unreachable');
    const ids = refused
      .filter(({ conversation_id: id, code }) => code === 'newer_message' || this.store.isRowStale(id))
      .map((result) => result.conversation_id);
    try {
      for (let at = 0; at < ids.length; at += mostRows) {
        // oxlint-disable-next-line no-await-in-loop -- the gateway gives no more at a time
        this.store.showRows(await lists.getRows(ids.slice(at, at + mostRows)));
      }
    } catch {
      // They stay as they were known, and are refused once more.
    }
  }

  async #part(
    ids: readonly ConversationId[],
    action: BulkAction,
    seen: Seen,
  ): Promise<readonly BulkResult[]> {
    const wanted = {
      key: crypto.randomUUID(),
      conversation_ids: ids,
      action,
      seen_through: Object.fromEntries(ids.map((id) => [id, seen.get(id) ?? 0])),
    };
    try {
      return await persist(() => lists.changeSeveral(wanted));
    } catch (error) {
      const problem = error instanceof ApiProblem ? error : null;
      return ids.map((id) => ({
        conversation_id: id,
        done: false,
        code: problem?.code ?? 'unreachable',
        sentence: problem?.message ?? null,
        before: null,
      }));
    }
  }

  #set(state: BulkState | null): void {
    this.#state = state;
    this.#topics.tell('bulk');
  }
}

const after = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

async function persist<T>(ask: () => Promise<T>, left = tries): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    const isFinal = error instanceof ApiProblem && error.status < 500;
    if (isFinal || left <= 1) throw error;
    await after(pause);
    return persist(ask, left - 1);
  }
}
