import '../../i18n/areas/entry.gen';
import { useT } from '../../i18n/t';
import { Field } from '../../ui/field';

/** Fewest characters, as the server asks for. */
const shortest = 12;

export function isLongEnough(password: string): boolean {
  return [...password].length >= shortest;
}

interface NewPasswordProps {
  readonly value: string;
  readonly wasTried: boolean;
  readonly onChange: (value: string) => void;
}

export function NewPassword({ value, wasTried, onChange }: NewPasswordProps) {
  const t = useT();
  return (
    <Field
      label={t('entry.password')}
      type="password"
      autoComplete="new-password"
      value={value}
      onChange={(event) => onChange(event.target.value)}
      error={wasTried && !isLongEnough(value) ? t('entry.password_short', { count: shortest }) : undefined}
    />
  );
}
