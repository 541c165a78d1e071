/** Rows that the gateway was asked for. Not there yet, not to be had and none are three things. */

import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';

export type AskedRows<Row> = Pick<
  UseQueryResult<readonly Row[]>,
  'data' | 'error' | 'isFetching'
> & { refetch: () => Promise<unknown> };

interface LoadedProps<Row> {
  asked: AskedRows<Row>;
  /** What is said where the gateway answered that there are none. */
  none: string;
  children: (rows: readonly Row[]) => ReactNode;
}

export function Loaded<Row>({ asked, none, children }: LoadedProps<Row>) {
  const { data, error, isFetching, refetch } = asked;
  return (
    <>
      {error && (
        <p className="nothing" role="alert">
          {/* Rows that are shown below it are those of the last answer. */}
          {error.message}{' '}
          <button type="button" disabled={isFetching} onClick={() => void refetch()}>
            Retry
          </button>
        </p>
      )}
      {!error && !data && <p className="nothing">Loading…</p>}
      {!error && data?.length === 0 && <p className="nothing">{none}</p>}
      {data && data.length > 0 && children(data)}
    </>
  );
}
