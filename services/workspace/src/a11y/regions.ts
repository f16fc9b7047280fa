// F6 goes around the regions of the screen; each one remembers where the focus was in it.

const selector = '[data-region]';
const lastFocus = new WeakMap<Element, HTMLElement>();

export function rememberFocus(): () => void {
  const onFocusIn = (event: FocusEvent): void => {
    const region = event.target instanceof HTMLElement ? event.target.closest(selector) : null;
    if (region) lastFocus.set(region, event.target as HTMLElement);
  };
  document.addEventListener('focusin', onFocusIn);
  return () => document.removeEventListener('focusin', onFocusIn);
}

function isVisible(element: HTMLElement): boolean {
  return element.checkVisibility({ visibilityProperty: true });
}

export function moveRegion(step: 1 | -1): void {
  const regions = [...document.querySelectorAll<HTMLElement>(selector)].filter(isVisible);
  if (regions.length === 0) return;
  const here = regions.findIndex((region) => region.contains(document.activeElement));
  const start = here === -1 ? (step === 1 ? -1 : 0) : here;
  const region = regions[(start + step + regions.length) % regions.length];
  if (region) focusRegion(region);
}

const focusable = 'a[href]:not([tabindex="-1"]),button:not([tabindex="-1"]),[tabindex="0"]';

/** Where the focus was in the region, else where the region says that one starts, else its first stop. */
export function focusRegion(region: HTMLElement): void {
  const last = lastFocus.get(region);
  const start = region.querySelector<HTMLElement>('[data-region-start]');
  const first = [...region.querySelectorAll<HTMLElement>(focusable)].find(isVisible);
  const target = last?.isConnected && isVisible(last) ? last : (start ?? first);
  if (target) return target.focus();
  // Still loading: the region itself keeps the focus from falling back to the page.
  region.tabIndex = -1;
  region.focus();
}

export function focusRegionNamed(name: string): void {
  const region = document.querySelector<HTMLElement>(`[data-region="${name}"]`);
  if (region && isVisible(region)) focusRegion(region);
}

/** What was pressed may go with what it did; the focus must not go with it. */
export function keepFocusIn(name: string): void {
  requestAnimationFrame(() =>
    requestAnimationFrame(() => {
      if (document.activeElement === document.body) focusRegionNamed(name);
    }),
  );
}
