// One door to the gateway: JSON in, JSON out, problems as typed errors. No caching and no retries here:
// TanStack Query and the live feed each know when trying again makes sense.

/** What the gateway said no with (`application/problem+json`). */
export class ApiProblem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    detail: string,
    readonly traceId: string | null,
    /** Seconds to wait, from Retry-After; null when the gateway gave none. */
    readonly retryAfter: number | null,
    /** The field of the body that was refused; null when it was not one of them. */
    readonly field: string | null = null,
  ) {
    super(detail);
    this.name = 'ApiProblem';
  }
}

/** The request never got an answer: no network, or the gateway is away. */
export class Unreachable extends Error {
  constructor(cause: unknown) {
    super('the gateway could not be reached', { cause });
    this.name = 'Unreachable';
  }
}

type Listener = () => void;

/** This tab, for the reply lock: a second tab of the same member is another holder. */
export const tabId = crypto.randomUUID().replaceAll('-', '');

let csrfToken = '';
let onUnauthenticated: Listener = () => undefined;

/** Sent with everything that changes data; comes with the session. */
export function setCsrfToken(token: string): void {
  csrfToken = token;
}

/** Called once per refused request when a session has ended under a running workspace. */
export function onSessionEnded(listener: Listener): void {
  onUnauthenticated = listener;
}

export interface Call {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly body?: unknown;
  readonly signal?: AbortSignal;
  /** True for the sign-in calls themselves, whose 401 is an answer and not the end of a session. */
  readonly isSignIn?: boolean;
  /** True for what must still go out while the page is being left. */
  readonly outlivesPage?: boolean;
}

export async function call<T>(path: string, options: Call = {}): Promise<T> {
  const response = await send(path, options);
  if (response.ok) return response.status === 204 ? (undefined as T) : ((await response.json()) as T);
  if (response.status === 401 && !options.isSignIn) onUnauthenticated();
  throw await problemOf(response);
}

async function send(path: string, options: Call): Promise<Response> {
  const { method = 'GET', body, signal } = options;
  const headers: Record<string, string> = { accept: 'application/json', 'x-guichet-tab': tabId };
  if (method !== 'GET' && csrfToken) headers['x-guichet-csrf'] = csrfToken;
  if (body !== undefined) headers['content-type'] = 'application/json';
  const init: RequestInit = { method, headers, credentials: 'same-origin', cache: 'no-store' };
  if (body !== undefined) init.body = JSON.stringify(body);
  if (signal) init.signal = signal;
  if (options.outlivesPage) init.keepalive = true;
  try {
    return await fetch(`/api/v1${path}`, init);
  } catch (cause) {
    throw new Unreachable(cause);
  }
}

async function problemOf(response: Response): Promise<ApiProblem> {
  let problem: { code?: string; detail?: string; title?: string; trace_id?: string; field?: string | null } =
    {};
  try {
    problem = (await response.json()) as typeof problem;
  } catch {
    // A proxy in between may answer with a page of its own; the status still tells what happened.
  }
  const retryAfter = Number.parseInt(response.headers.get('retry-after') ?? '', 10);
  return new ApiProblem(
    response.status,
    problem.code ?? `http_${response.status}`,
    problem.detail ?? problem.title ?? response.statusText,
    problem.trace_id ?? null,
    Number.isNaN(retryAfter) ? null : retryAfter,
    problem.field ?? null,
  );
}
