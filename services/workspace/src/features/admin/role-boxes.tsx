import '../../i18n/areas/admin.gen';
import type { Role } from '../../api/settings-types';
import { useT } from '../../i18n/t';
import { CheckField } from '../../ui/check-field';

const all: readonly Role[] = ['agent', 'supervisor', 'admin'];

interface RoleBoxesProps {
  readonly roles: readonly Role[];
  readonly onChange: (roles: readonly Role[]) => void;
}

export function RoleBoxes({ roles, onChange }: RoleBoxesProps) {
  const t = useT();
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="mb-1 text-label font-medium">{t('admin.roles')}</legend>
      {all.map((role) => (
        <CheckField
          key={role}
          label={t(`admin.role_${role}`)}
          hint={t(`admin.role_${role}_hint`)}
          isOn={roles.includes(role)}
          onTurn={() =>
            onChange(all.filter((each) => (each === role ? !roles.includes(each) : roles.includes(each))))
          }
        />
      ))}
    </fieldset>
  );
}
