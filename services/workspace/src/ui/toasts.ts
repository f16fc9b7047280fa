// What is said in passing at the corner of the screen. One of a kind and subject at a time: a newer one takes the
// place of the older.
import { useSyncExternalStore } from 'react';

export interface Toast {
  /** A newer one with the same id replaces it. */
  readonly id: string;
  readonly title: string;
  readonly text?: string;
  readonly tone?: 'plain' | 'danger';
  readonly action?: { readonly label: string; readonly run: () => void };
  /** Milliseconds; it waits while the pointer or the focus is on it. */
  readonly lasts: number;
}

const most = 4;
let toasts: readonly Toast[] = [];
const timers = new Map<string, ReturnType<typeof setTimeout>>();
const listeners = new Set<() => void>();

function set(next: readonly Toast[]): void {
  toasts = next;
  for (const listener of listeners) listener();
}

function start(toast: Toast): void {
  clearTimeout(timers.get(toast.id));
  timers.set(
    toast.id,
    setTimeout(() => closeToast(toast.id), toast.lasts),
  );
}

export function showToast(toast: Toast): void {
  set([...toasts.filter((each) => each.id !== toast.id), toast].slice(-most));
  start(toast);
}

export function closeToast(id: string): void {
  clearTimeout(timers.get(id));
  timers.delete(id);
  if (toasts.some((toast) => toast.id === id)) set(toasts.filter((toast) => toast.id !== id));
}

/** Does what the newest toast offers; false when none offers anything. */
export function actOnToast(): boolean {
  const toast = toasts.findLast((each) => each.action);
  if (!toast?.action) return false;
  closeToast(toast.id);
  toast.action.run();
  return true;
}

export function holdToasts(): void {
  for (const timer of timers.values()) clearTimeout(timer);
}

export function releaseToasts(): void {
  for (const toast of toasts) start(toast);
}

export function useToasts(): readonly Toast[] {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => toasts,
  );
}
