// How keys are written where people see them.
const names: Record<string, string> = { ArrowDown: '↓', ArrowUp: '↑', Escape: 'Esc' };

export function nameOfKey(key: string): string {
  return names[key] ?? (key.length === 1 ? key.toUpperCase() : key);
}

/** `Shift+F6` is two keys; a plain plus sign is one. */
export function partsOf(press: string): readonly string[] {
  return press === '+' ? ['+'] : press.split('+');
}
