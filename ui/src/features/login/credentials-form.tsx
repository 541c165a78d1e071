/** Logging in, and registering. What is wrong is said beside the button. */

import { type FormEvent, useState } from 'react';
import { usePartners } from '../../shared/live/live-context';
import './login.css';

type Wish = 'log in' | 'register';

export function CredentialsForm({ onDone }: { onDone: () => void }) {
  const { session, gateway } = usePartners();
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const name = String(form.get('username'));
    const password = String(form.get('password'));
    const { submitter } = event.nativeEvent as SubmitEvent;
    const wish: Wish = submitter?.getAttribute('value') === 'register' ? 'register' : 'log in';
    setBusy(true);
    setProblem(null);
    try {
      if (wish === 'register') {
        const body = { username: name, password };
        await gateway.request('/v1/users', { method: 'POST', body });
      }
      await session.logIn(name, password);
      onDone();
    } catch (error) {
      setProblem((error as Error).message);
    } finally {
      setBusy(false);
    }
  };

  return (
    <form className="credentials" onSubmit={(event) => void submit(event)}>
      <label>
        Name
        <input name="username" autoComplete="username" required minLength={3} maxLength={32} />
      </label>
      <label>
        Password
        <input
          name="password"
          type="password"
          autoComplete="current-password"
          required
          minLength={10}
          maxLength={128}
        />
      </label>
      <p role="alert">{problem}</p>
      <div>
        <button type="submit" value="log in" disabled={busy}>
          Log in
        </button>
        <button type="submit" value="register" disabled={busy}>
          Register
        </button>
      </div>
      <p className="hint">
        A password has ten characters or more. The demo users and their passwords are what
        <code> make up </code> prints.
      </p>
    </form>
  );
}
