/** Where ops change a market's price band, below its row. Asks before anything is sent. */

import { type FormEvent, useEffect, useId, useRef, useState } from 'react';
import type { Market } from '../../shared/markets/markets';
import { type Asked, BandDialog } from './band-dialog';
import { type BandDraft, bandOf, draftOf, EDGES, type Edge, edgeProblem } from './band-draft';
import type { BandInfo } from './get-bands';
import { useBand } from './send-band';

interface BandFormProps {
  market: Market;
  last: string | undefined;
  /** Whose band it is; undefined until that is known. */
  known: BandInfo | undefined;
  onClose: () => void;
}

export function BandForm({ market, last, known, onClose }: BandFormProps) {
  const send = useBand(market.symbol);
  const [draft, setDraft] = useState<BandDraft>(() => draftOf(market));
  const [asked, setAsked] = useState<Asked | null>(null);
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => form.current?.querySelector('input')?.focus(), []);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const band = bandOf(draft);
    if (band) setAsked({ band });
    else form.current?.querySelector<HTMLInputElement>('[aria-invalid="true"]')?.focus();
  };
  return (
    <>
      <form
        ref={form}
        className="band-form"
        aria-label={`Band of ${market.symbol}`}
        onSubmit={submit}
      >
        {EDGES.map(([edge, label]) => (
          <EdgeField
            key={edge}
            edge={edge}
            label={label}
            text={draft[edge]}
            onChange={(text) => setDraft({ ...draft, [edge]: text })}
          />
        ))}
        <div className="choices">
          <button type="submit" disabled={send.isPending}>
            Set the band
          </button>
          <button
            type="button"
            disabled={send.isPending || known?.set_by_operator === false}
            onClick={() => setAsked({ band: null })}
          >
            Restore the configured band
          </button>
          <button type="button" onClick={onClose}>
            Close
          </button>
        </div>
      </form>
      {asked && (
        <BandDialog
          band={asked.band}
          configured={known?.configured}
          market={market}
          last={last}
          onConfirm={() => send.mutate(asked.band, { onSuccess: onClose })}
          onClose={() => setAsked(null)}
        />
      )}
    </>
  );
}

interface EdgeFieldProps {
  edge: Edge;
  label: string;
  text: string;
  onChange: (text: string) => void;
}

function EdgeField({ edge, label, text, onChange }: EdgeFieldProps) {
  const id = useId();
  const why = `${id}-why`;
  const problem = edgeProblem(edge, text);
  return (
    <div>
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        inputMode="decimal"
        value={text}
        onChange={(event) => onChange(event.target.value)}
        aria-invalid={problem !== null}
        aria-describedby={why}
      />
      <small id={why} className="problem">
        {problem}
      </small>
    </div>
  );
}
