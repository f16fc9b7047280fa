import '../../i18n/areas/search.gen';
import { Search, X } from 'lucide-react';
import { useRef } from 'react';
import { useCommands } from '../../commands/dispatcher';
import { useT } from '../../i18n/t';
import { Field } from '../../ui/field';
import { IconButton } from '../../ui/icon-button';

interface SearchFieldProps {
  readonly value: string;
  readonly onChange: (value: string) => void;
}

export function SearchField({ value, onChange }: SearchFieldProps) {
  const t = useT();
  const place = useRef<HTMLFormElement>(null);
  const focus = (): void => place.current?.querySelector('input')?.focus();
  useCommands({ search: focus });
  return (
    <form role="search" ref={place} onSubmit={(event) => event.preventDefault()}>
      <Field
        label={t('search.label')}
        type="search"
        dir="auto"
        maxLength={200}
        autoComplete="off"
        // Whoever comes here wants to type.
        autoFocus
        value={value}
        onChange={(event) => onChange(event.target.value)}
        end={
          value === '' ? (
            <Search size={18} strokeWidth={1.75} aria-hidden className="me-2 text-muted" />
          ) : (
            <IconButton
              label={t('search.clear')}
              onClick={() => {
                onChange('');
                focus();
              }}
            >
              <X size={18} strokeWidth={1.75} aria-hidden />
            </IconButton>
          )
        }
      />
    </form>
  );
}
