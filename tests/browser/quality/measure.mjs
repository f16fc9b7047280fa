// What every measurement shares: figures of several runs, and what is put into a page to see from inside when
// something was asked for and when it was on the screen.

export function percentile(values, share) {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

export const median = (values) => percentile(values, 0.5);

/** Runs something several times and takes the median of each of its figures. */
export async function medians(times, run) {
  const all = [];
  for (let number = 0; number < times; number += 1) all.push(await run(number));
  return Object.fromEntries(Object.keys(all[0]).map((name) => [name, median(all.map((each) => each[name]))]));
}

/**
 * Before the page's own scripts: `globalThis.measured` sees frames of the live line when they arrive, shifts of the
 * layout, and can wait until what was done is painted.
 */
export async function instrument(context) {
  await context.addInitScript(sight);
  await context.addInitScript(clock);
}

/** In the page: what arrives, and what moves by itself. */
function sight() {
  const heard = [];
  const Plain = globalThis.WebSocket;
  globalThis.WebSocket = class extends Plain {
    constructor(...given) {
      super(...given);
      // First of all listeners, so that the page's own work counts.
      this.addEventListener('message', ({ data }) => {
        const at = performance.now();
        for (const { token, found } of heard) if (data.includes(token)) found(at);
      });
    }
  };
  const shifts = [];
  new PerformanceObserver((list) => {
    for (const { hadRecentInput, sources, value } of list.getEntries()) {
      if (hadRecentInput) continue;
      shifts.push({ value, of: sources?.map(({ node }) => (node?.outerHTML ?? '').slice(0, 160)) });
    }
  }).observe({ type: 'layout-shift', buffered: true });
  const arrival = (token) => new Promise((found) => heard.push({ token, found }));
  globalThis.measured = { arrival, shifts };
}

/** In the page: when something was asked for, and when it was on the screen. */
function clock() {
  /** A message channel runs after the frame that was asked for has been drawn. */
  const painted = () =>
    new Promise((resolve) => {
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel();
        port1.addEventListener('message', resolve);
        port1.start();
        port2.postMessage(null);
      });
    });

  const shown = async (isThere, limit = 10_000) => {
    for (const end = performance.now() + limit; performance.now() < end;) {
      await painted();
      if (isThere()) return performance.now();
    }
    throw new Error(`not shown within ${limit} ms`);
  };

  /** Frames of the next so many milliseconds, in milliseconds each. */
  const frames = (duration, each = () => undefined) =>
    new Promise((resolve) => {
      const deltas = [];
      const began = performance.now();
      let before = began;
      const step = (now) => {
        deltas.push(now - before);
        before = now;
        each();
        if (now - began < duration) requestAnimationFrame(step);
        else resolve(deltas.slice(1));
      };
      requestAnimationFrame(step);
    });

  /** The moment at which a key goes down, before anything of the page hears of it. */
  const pressed = (key) =>
    new Promise((resolve) => {
      const listen = (event) => {
        if (event.key !== key) return;
        removeEventListener('keydown', listen, true);
        resolve(performance.now());
      };
      addEventListener('keydown', listen, true);
    });

  Object.assign(globalThis.measured, { frames, painted, pressed, shown });
}
