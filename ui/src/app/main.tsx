import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { PartnersProvider } from '../shared/live/live-context';
import { App } from './app';
import { makePartners } from './partners';
import 'sonner/dist/styles.css';
import './theme.css';

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');

createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={new QueryClient()}>
      <PartnersProvider partners={makePartners()}>
        <App />
      </PartnersProvider>
    </QueryClientProvider>
  </StrictMode>,
);
