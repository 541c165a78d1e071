/** What a page shows when something in it failed: the reason, and a way to try again. */

import { QueryErrorResetBoundary } from '@tanstack/react-query';
import { Component, type ReactNode } from 'react';
import { forgetFailures } from './lazy-page';

interface BoundaryProps {
  children: ReactNode;
  reload?: () => void;
}

export function Boundary({ children, reload = () => location.reload() }: BoundaryProps) {
  return (
    <QueryErrorResetBoundary>
      {({ reset }) => (
        <Catcher
          onRetry={() => {
            reset();
            forgetFailures();
          }}
          onReload={reload}
        >
          {children}
        </Catcher>
      )}
    </QueryErrorResetBoundary>
  );
}

class Catcher extends Component<
  { onRetry: () => void; onReload: () => void; children: ReactNode },
  { error: Error | null }
> {
  override state = { error: null as Error | null };

  static getDerivedStateFromError(error: Error) {
    return { error };
  }

  override render() {
    const { error } = this.state;
    if (!error) return this.props.children;
    return (
      <div className="nothing" role="alert">
        <p>{error.message}</p>
        <button
          type="button"
          onClick={() => {
            this.props.onRetry();
            this.setState({ error: null });
          }}
        >
          Try again
        </button>{' '}
        <button type="button" onClick={this.props.onReload}>
          Reload the page
        </button>
      </div>
    );
  }
}
