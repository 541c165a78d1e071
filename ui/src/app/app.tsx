import { type QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { HealthPage } from '../features/health/health-page';

export function App({ queryClient }: { queryClient: QueryClient }) {
  return (
    <QueryClientProvider client={queryClient}>
      <HealthPage />
    </QueryClientProvider>
  );
}
