// Everybody who was considered, and what spoke against each.
import '../../i18n/areas/assignment.gen';
import type { Candidate } from '../../api/types';
import { useT } from '../../i18n/t';
import { cx } from '../../ui/cx';

interface CandidatesProps {
  readonly candidates: readonly Candidate[];
  readonly chosen: string | null;
}

export function Candidates({ candidates, chosen }: CandidatesProps) {
  const t = useT();
  return (
    <table className="mt-4 w-full border-collapse text-label">
      <caption className="pb-1 text-start text-meta font-bold text-subtle">
        {t('assignment.candidates')}
      </caption>
      <thead className="sr-only">
        <tr>
          <th scope="col">{t('assignment.candidate')}</th>
          <th scope="col">{t('assignment.load')}</th>
          <th scope="col">{t('assignment.verdict')}</th>
        </tr>
      </thead>
      <tbody>
        {candidates.map((each) => (
          <tr key={each.member_id} className="border-b border-line last:border-0">
            <th scope="row" className="py-1.5 pe-3 text-start font-medium">
              <bdi>{each.name}</bdi>
            </th>
            <td className="tabular py-1.5 pe-3 text-muted">
              {t('assignment.load_of', { load: each.load, capacity: each.capacity })}
            </td>
            <td className={cx('py-1.5', each.member_id === chosen ? 'font-bold text-accent' : 'text-muted')}>
              {each.member_id === chosen
                ? t('assignment.chosen')
                : t('assignment.removed_by', { reason: each.removed_by ?? 'none' })}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
