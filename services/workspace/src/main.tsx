import './ui/tokens.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { afterDisguise } from './i18n/disguise';
import { Providers } from './providers';

const root = document.getElementById('root');
if (root) {
  afterDisguise(() =>
    createRoot(root).render(
      <StrictMode>
        <Providers />
      </StrictMode>,
    ),
  );
}
