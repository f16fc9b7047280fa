// A menu that does not lock the page: locking needs inline styles, which the content security policy forbids.
// It stays in the landmark that it was opened from, so that it is not content of nowhere.
import { Check } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import type { ReactNode } from 'react';
import { cx } from './cx';

interface MenuProps {
  readonly trigger: ReactNode;
  readonly children: ReactNode;
  readonly align?: 'start' | 'end';
  readonly isOpen?: boolean;
  readonly onOpenChange?: (isOpen: boolean) => void;
  /** Where the focus goes when it closes; else to its button. */
  readonly returnTo?: () => HTMLElement | null;
  /** The landmark that it is put into, where its button lies in something that scrolls and would cut it off. */
  readonly within?: string;
}

export function Menu({
  trigger,
  children,
  align = 'end',
  isOpen,
  onOpenChange,
  returnTo,
  within,
}: MenuProps) {
  const content = (
    <DropdownMenu.Content
      align={align}
      sideOffset={6}
      collisionPadding={8}
      onCloseAutoFocus={(event) => {
        const target = returnTo?.();
        if (!target) return;
        event.preventDefault();
        target.focus();
      }}
      className="fade-in scroll-quiet z-20 max-h-[min(44rem,var(--radix-dropdown-menu-content-available-height))] max-w-[min(26rem,calc(100vw-1rem))] min-w-60 overflow-y-auto rounded-slip border border-line bg-surface p-1 shadow-overlay"
    >
      {children}
    </DropdownMenu.Content>
  );
  return (
    <DropdownMenu.Root
      modal={false}
      {...(isOpen !== undefined && { open: isOpen })}
      {...(onOpenChange && { onOpenChange })}
    >
      <DropdownMenu.Trigger asChild>{trigger}</DropdownMenu.Trigger>
      {within ? (
        <DropdownMenu.Portal container={document.querySelector<HTMLElement>(within)}>
          {content}
        </DropdownMenu.Portal>
      ) : (
        content
      )}
    </DropdownMenu.Root>
  );
}

const item =
  'flex min-h-8 cursor-default items-center gap-2 rounded-control px-2 py-1 outline-none data-highlighted:bg-accent-soft max-panes:min-h-11';

interface MenuItemProps {
  readonly icon?: ReactNode;
  readonly onSelect: () => void;
  readonly children: ReactNode;
  /** A second line in small. */
  readonly hint?: ReactNode;
  /** It is there to be read, with its reason as the hint, and cannot be chosen. */
  readonly isUnavailable?: boolean;
}

export function MenuItem({ icon, onSelect, children, hint, isUnavailable = false }: MenuItemProps) {
  return (
    <DropdownMenu.Item
      className={cx(item, isUnavailable && 'text-subtle')}
      // Not the kit's own "disabled", which keys pass over: why it is not possible must be reachable.
      aria-disabled={isUnavailable || undefined}
      onSelect={(event) => {
        if (isUnavailable) event.preventDefault();
        else onSelect();
      }}
    >
      <span className="grid w-5 shrink-0 place-items-center text-muted">{icon}</span>
      <TwoLines hint={hint}>{children}</TwoLines>
    </DropdownMenu.Item>
  );
}

function TwoLines({ hint, children }: { readonly hint?: ReactNode; readonly children: ReactNode }) {
  return (
    <span className="min-w-0 flex-1">
      <span className="block">{children}</span>
      {hint && <span className="block text-meta text-pretty text-muted">{hint}</span>}
    </span>
  );
}

interface MenuChoiceProps<Value extends string> {
  readonly label: string;
  readonly value: Value;
  readonly options: readonly MenuOption<Value>[];
  readonly onChange: (value: Value) => void;
  /** The menu closes with the choice; else it stays, so that the effect can be seen. */
  readonly closes?: boolean;
}

export interface MenuOption<Value extends string> {
  readonly value: Value;
  readonly label: ReactNode;
  readonly lang?: string;
  readonly hint?: ReactNode | undefined;
  /** It is there to be read, with its reason as the hint, and cannot be chosen. */
  readonly isUnavailable?: boolean;
}

export function MenuChoice<Value extends string>({
  label,
  value,
  options,
  onChange,
  closes = false,
}: MenuChoiceProps<Value>) {
  return (
    <DropdownMenu.RadioGroup
      aria-label={label}
      value={value}
      onValueChange={(chosen) => {
        if (!options.find((option) => option.value === chosen)?.isUnavailable) onChange(chosen as Value);
      }}
    >
      <MenuLabel>{label}</MenuLabel>
      {options.map((option) => (
        <DropdownMenu.RadioItem
          key={option.value}
          value={option.value}
          lang={option.lang}
          // Not the kit's own "disabled", which keys pass over: why it is not possible must be reachable.
          aria-disabled={option.isUnavailable}
          className={cx(item, option.isUnavailable && 'text-subtle')}
          onSelect={(event) => {
            if (!closes || option.isUnavailable) event.preventDefault();
          }}
        >
          <span className="grid w-5 shrink-0 place-items-center text-accent">
            <DropdownMenu.ItemIndicator>
              <Check size={16} strokeWidth={2} aria-hidden />
            </DropdownMenu.ItemIndicator>
          </span>
          <TwoLines hint={option.hint}>{option.label}</TwoLines>
        </DropdownMenu.RadioItem>
      ))}
    </DropdownMenu.RadioGroup>
  );
}

export function MenuLabel({ children }: { readonly children: ReactNode }) {
  return (
    <DropdownMenu.Label className="px-2 pt-2 pb-1 text-meta font-medium text-subtle">
      {children}
    </DropdownMenu.Label>
  );
}

export function MenuLine() {
  return <DropdownMenu.Separator className="-mx-1 my-1 h-px bg-line" />;
}
