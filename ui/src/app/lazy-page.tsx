/**
 * Pages that are loaded when they are first shown. React's `lazy` keeps a failure for ever; here
 * it is forgotten when somebody tries again, not before: React itself renders a failed part once
 * more, and would load for ever.
 */

import { type ComponentType, lazy } from 'react';

const failures = new Set<() => void>();

export function lazyPage<Props extends object>(load: () => Promise<ComponentType<Props>>) {
  const make = () =>
    lazy(async () => {
      try {
        return { default: await load() };
      } catch (error) {
        failures.add(renew);
        throw error;
      }
    });
  const renew = () => {
    Page = make();
  };
  let Page = make();
  return function LazyPage(props: Props) {
    return <Page {...props} />;
  };
}

/** Load what could not be loaded once more, when it is shown again. */
export function forgetFailures(): void {
  for (const renew of failures) renew();
  failures.clear();
}
