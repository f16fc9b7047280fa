import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { Direction } from 'radix-ui';
import { useEffect } from 'react';
import { watchSession } from './api/queries/session';
import { directionOf } from './i18n/direction';
import { useLanguage } from './i18n/language';
import { router } from './routes';
import { TooltipProvider } from './ui/tooltip';

const client = new QueryClient({
  defaultOptions: { queries: { refetchOnWindowFocus: false, retry: 2 } },
});
watchSession(client);

export function Providers() {
  const language = useLanguage();
  const direction = directionOf(language);
  useEffect(() => {
    document.documentElement.lang = language;
    document.documentElement.dir = direction;
  }, [language, direction]);
  return (
    <QueryClientProvider client={client}>
      <Direction.Provider dir={direction}>
        <TooltipProvider delayDuration={400}>
          <RouterProvider router={router} />
        </TooltipProvider>
      </Direction.Provider>
    </QueryClientProvider>
  );
}
