/** The end of a long table: older rows are on their way, were not to be had, or there are none. */

import type { Older } from '../api/use-pages';

export function OlderRows({ older, what }: { older: Older; what: string }) {
  const { has, isFetching, error, fetch } = older;
  return (
    <>
      <p className="nothing" role="status">
        {isFetching && `Loading older ${what}…`}
        {!has && `No older ${what}.`}
      </p>
      {error && !isFetching && (
        <p className="nothing" role="alert">
          No older {what}: {error.message}{' '}
          <button type="button" onClick={fetch}>
            Retry
          </button>
        </p>
      )}
    </>
  );
}
