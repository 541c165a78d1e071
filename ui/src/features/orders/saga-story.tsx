/** What an order's saga has done, step by step. */

import { useUser } from '../../shared/live/live-context';
import { useSaga } from './get-saga';
import { type StepKind, shownSteps } from './saga';
import { workflowUrl } from './workflow-url';

const SIGNS: Record<StepKind, string> = { done: '✓', undone: '↩', refused: '✗', waiting: '…' };

interface SagaStoryProps {
  orderId: number;
  temporalUi: string | null;
}

export function SagaStory({ orderId, temporalUi }: SagaStoryProps) {
  const { data, error } = useSaga(orderId);
  const user = useUser();
  if (!data) return <p className="nothing">{error?.message ?? 'Asking the saga…'}</p>;
  const link = user?.role === 'ops' ? workflowUrl(temporalUi, data.workflow_id) : null;
  return (
    <div className="saga">
      <ol aria-label={`Saga of order ${orderId}`}>
        {shownSteps(data).map((step, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: steps are only ever added at the end
          <li key={index} className={step.kind}>
            <span aria-hidden="true">{SIGNS[step.kind]}</span> {step.text}
            {step.detail && <small>{step.detail}</small>}
            {step.afterMs >= 0 && <time>+{step.afterMs} ms</time>}
          </li>
        ))}
      </ol>
      {error && <p role="alert">{error.message}</p>}
      {link && (
        <a href={link} target="_blank" rel="noreferrer">
          The workflow in Temporal
        </a>
      )}
    </div>
  );
}
