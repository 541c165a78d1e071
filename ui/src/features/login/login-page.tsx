import { useLocation } from 'wouter';
import { CredentialsForm } from './credentials-form';

export function LoginPage() {
  const [, go] = useLocation();
  return (
    <main className="login-page">
      <h1>TradeFlow</h1>
      <CredentialsForm onDone={() => go('/')} />
    </main>
  );
}
