// The first run: an organization, and its first administrator. Who may do this holds the token that the start printed.
import '../../i18n/areas/entry.gen';
import { useMutation, useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { beginOrganization, welcomeQuery } from '../../api/settings';
import { languages, useLanguage } from '../../i18n/language';
import { useT } from '../../i18n/t';
import { Button } from '../../ui/button';
import { Failure } from '../../ui/failure';
import { Field } from '../../ui/field';
import { SelectField } from '../../ui/select-field';
import { FormNote } from '../settings';
import { Done } from './done';
import { EntryFrame } from './entry-frame';
import { isLongEnough, NewPassword } from './new-password';
import { tokenOfAddress } from './token';

export function WelcomePage() {
  const t = useT();
  const { data, error, refetch } = useQuery(welcomeQuery);
  const [isDone, setIsDone] = useState(false);
  const title = t('entry.welcome');
  if (isDone) {
    return (
      <EntryFrame title={title}>
        <Done text={t('entry.welcome_done')} />
      </EntryFrame>
    );
  }
  if (error && !data) return <Failure isPage error={error} onRetry={() => void refetch()} />;
  if (!data) return null;
  return data.needed ? (
    <EntryFrame title={title} intro={t('entry.welcome_text')}>
      <Form onDone={() => setIsDone(true)} />
    </EntryFrame>
  ) : (
    <EntryFrame title={title}>
      <Done text={t('entry.welcome_over')} />
    </EntryFrame>
  );
}

interface Answers {
  readonly token: string;
  readonly name: string;
  readonly zone: string;
  readonly login: string;
  readonly person: string;
  readonly password: string;
}

function wanted(answers: Answers, language: string) {
  return {
    token: answers.token.trim(),
    organization: { name: answers.name.trim(), language, time_zone: answers.zone },
    admin: {
      login: answers.login.trim(),
      display_name: answers.person.trim(),
      password: answers.password,
    },
  };
}

function Form({ onDone }: { readonly onDone: () => void }) {
  const t = useT();
  const [language, setLanguage] = useState(useLanguage());
  const [wasTried, setWasTried] = useState(false);
  const [answers, setAnswers] = useState<Answers>(() => ({
    token: tokenOfAddress() ?? '',
    name: '',
    zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    login: '',
    person: '',
    password: '',
  }));
  const beginning = useMutation({
    mutationFn: () => beginOrganization(wanted(answers, language)),
    onSuccess: onDone,
  });
  const onSubmit = (event: FormEvent): void => {
    event.preventDefault();
    setWasTried(true);
    if (isLongEnough(answers.password)) beginning.mutate();
  };
  const field = (key: keyof Answers, label: string) => (
    <Field
      label={label}
      dir="auto"
      value={answers[key]}
      onChange={(event) => setAnswers({ ...answers, [key]: event.target.value })}
      error={wasTried && answers[key].trim() === '' ? t('entry.missing') : undefined}
    />
  );
  return (
    <form noValidate onSubmit={onSubmit} className="flex flex-col gap-4">
      {field('token', t('entry.token'))}
      {field('name', t('entry.organization'))}
      <SelectField
        label={t('shell.language')}
        value={language}
        options={languages.map((each) => ({ value: each, label: t(`shell.language_${each}`) }))}
        onChange={setLanguage}
      />
      {field('zone', t('entry.time_zone'))}
      {field('person', t('entry.person'))}
      {field('login', t('entry.login'))}
      <NewPassword
        value={answers.password}
        wasTried={wasTried}
        onChange={(password) => setAnswers({ ...answers, password })}
      />
      <FormNote error={beginning.error} />
      <Button look="primary" type="submit" aria-disabled={beginning.isPending} className="h-10">
        {t('entry.begin')}
      </Button>
    </form>
  );
}
