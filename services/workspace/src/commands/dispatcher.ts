// Turns key presses into commands. Components say what a command does while they are on the screen; the one
// that came last wins, and a command without a handler leaves the key to the browser.
import { useEffect, useRef } from 'react';
import { areLetterKeysOn, ownKeys } from '../settings/keys';
import { keysOf } from './own-keys';
import { type Command, type CommandId, match, pressOf } from './table';

/** Returning false leaves the key press to the browser. */
export type Handler = () => boolean | void;
export type Handlers = Partial<Record<CommandId, Handler>>;

interface Layer {
  readonly handlers: { readonly current: Handlers };
  readonly isFirst: boolean;
}

let layers: readonly Layer[] = [];
/** A run of presses such as G then N must be finished within this many milliseconds. */
const sequencePause = 1_200;

let presses: string[] = [];
let lastPressAt = 0;

export function run(id: CommandId): boolean {
  const newestFirst = layers.toReversed().toSorted((a, b) => Number(b.isFirst) - Number(a.isFirst));
  for (const { handlers } of newestFirst) {
    const handler = handlers.current[id];
    if (handler) return handler() !== false;
  }
  return false;
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  // A box that is ticked takes no letters.
  if (target instanceof HTMLInputElement && target.type === 'checkbox') return false;
  return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
}

/** Menus and dialogs have keys of their own, and typing a letter moves within them. */
function isInLayer(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('[role=menu],[role=dialog]') !== null;
}

function keysHere(command: Command): readonly string[] {
  return keysOf(command, ownKeys());
}

function onKeyDown(event: KeyboardEvent): void {
  const isModifierAlone = /^(Shift|Control|Alt|Meta|AltGraph)$/.test(event.key);
  if (event.defaultPrevented || event.isComposing || isModifierAlone || isInLayer(event.target)) return;
  const press = pressOf(event);
  const isCharacter = event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey;
  if (isCharacter && (isTyping(event.target) || !areLetterKeysOn())) return;
  if (event.timeStamp - lastPressAt > sequencePause) presses = [];
  lastPressAt = event.timeStamp;
  let found = match([...presses, press], keysHere);
  // The run led nowhere: the press may begin another one.
  if (found.kind === 'none' && presses.length > 0) {
    presses = [];
    found = match([press], keysHere);
  }
  presses = found.kind === 'prefix' ? [...presses, press] : [];
  if (found.kind === 'command' && run(found.id)) event.preventDefault();
}

export function listen(): () => void {
  window.addEventListener('keydown', onKeyDown);
  return () => window.removeEventListener('keydown', onKeyDown);
}

/** `isFirst`: it comes before what is on the screen later, as what is selected comes before what is open. */
export function useCommands(handlers: Handlers, isFirst = false): void {
  const current = useRef(handlers);
  useEffect(() => {
    current.current = handlers;
  });
  useEffect(() => {
    const layer = { handlers: current, isFirst };
    layers = [...layers, layer];
    return () => {
      layers = layers.filter((each) => each !== layer);
    };
  }, [isFirst]);
}
