/** Does the trail still say what was written? One chain of hashes for each source. */

import { useEffect } from 'react';
import { Panel } from '../../shared/view/panel';
import { useVerification } from './use-verification';
import { count, type Verification } from './verification';

export function ChainCheck() {
  const { found, state, error, start, stop } = useVerification();
  // biome-ignore lint/correctness/useExhaustiveDependencies: only leaving the page stops it
  useEffect(() => stop, []);
  const isRunning = state === 'pending';
  return (
    <Panel
      title="Hash chains"
      className="chain-check"
      controls={
        <button type="button" onClick={isRunning ? stop : start}>
          {isRunning ? 'Stop' : 'Verify'}
        </button>
      }
    >
      {state === 'idle' && (
        <p className="nothing">
          Each record carries the hash of the one before it. Verify follows every chain.
        </p>
      )}
      {isRunning && <p>{count(found.records, 'record')} so far …</p>}
      {error && <p role="alert">{error.message}</p>}
      <div role="status">{state === 'success' && <Result found={found} />}</div>
    </Panel>
  );
}

function Result({ found }: { found: Verification }) {
  if (found.broken) return <Broken found={found} broken={found.broken} />;
  return (
    <>
      <p className="SUCCESS">
        ✓ Intact: {count(found.records, 'record')} in {count(found.chains.length, 'chain')}.
      </p>
      {found.withoutHash ? (
        <p>
          {count(found.withoutHash, 'record')} without a hash: a chain begins at its first record
          that has one.
        </p>
      ) : null}
      <details>
        <summary>The newest record of each chain</summary>
        <p>Keep these: a chain that ends at a lower number later was cut off at its end.</p>
        <ul>
          {found.chains.map((head) => (
            <li key={head.source}>
              {head.source}: {head.position} <code>{head.hash}</code>
            </li>
          ))}
        </ul>
      </details>
    </>
  );
}

function Broken({
  found,
  broken,
}: {
  found: Verification;
  broken: NonNullable<Verification['broken']>;
}) {
  return (
    <>
      <p className="FAILURE">
        ✗ Broken: {broken.source}, position {broken.position}, after{' '}
        {count(found.records, 'record')} that hold.
      </p>
      <dl>
        <dt>There stands</dt>
        <dd>
          <code>{broken.id}</code>
        </dd>
        <dt>Its {broken.what} should be</dt>
        <dd>
          <code>{broken.expected}</code>
        </dd>
        <dt>It is</dt>
        <dd>
          <code>{broken.found}</code>
        </dd>
      </dl>
    </>
  );
}
