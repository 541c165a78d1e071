/** Where ops change a market's price band, below its row. Asks before anything is sent. */

import { type FormEvent, useEffect, useId, useRef, useState } from 'react';
import { toast } from 'sonner';
import type { Model } from '../../shared/api/answer';
import type { Market } from '../../shared/markets/markets';
import { ConfirmDialog } from '../../shared/view/confirm-dialog';
import {
  type BandDraft,
  bandOf,
  draftOf,
  EDGES,
  type Edge,
  edgeProblem,
  sidesOf,
} from './band-draft';
import { percentsText, pricesText } from './bands';
import { useBand } from './send-band';

interface BandFormProps {
  market: Market;
  last: string | undefined;
  onClose: () => void;
}

/** What is asked about: a band, null for the configured one. */
type Asked = { band: Model<'BandRequest'> | null };

export function BandForm({ market, last, onClose }: BandFormProps) {
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
  const change = ({ band }: Asked) =>
    send.mutate(band, {
      onSuccess: () => {
        toast.success(`${market.symbol}: ${band ? 'band set' : 'configured band restored'}`);
        onClose();
      },
      onError: (error) => toast.error(`${market.symbol}: ${error.message}`),
    });
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
          <button type="button" disabled={send.isPending} onClick={() => setAsked({ band: null })}>
            Restore the configured band
          </button>
          <button type="button" onClick={onClose}>
            Close
          </button>
        </div>
      </form>
      {asked && (
        <BandDialog
          asked={asked}
          market={market}
          last={last}
          onConfirm={() => change(asked)}
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

interface BandDialogProps {
  asked: Asked;
  market: Market;
  last: string | undefined;
  onConfirm: () => void;
  onClose: () => void;
}

function BandDialog({ asked: { band }, market, last, onConfirm, onClose }: BandDialogProps) {
  const { symbol, tick, priceDecimals, bidBand, askBand } = market;
  const [bids, asks] = band ? sidesOf(band) : [];
  const title = band ? `Set the band of ${symbol}?` : `Restore the configured band of ${symbol}?`;
  return (
    <ConfirmDialog
      title={title}
      action={band ? 'Set the band' : 'Restore the band'}
      onConfirm={onConfirm}
      onClose={onClose}
    >
      <p>
        New orders outside the band are refused from then on; orders that rest stay.
        {band && ' It holds over restarts, until it is restored.'}
      </p>
      {bids && asks && (
        <ul>
          <li>
            A bid: {percentsText(bids)} {pricesText(bids, last, tick, priceDecimals)} (now{' '}
            {percentsText(bidBand)})
          </li>
          <li>
            An ask: {percentsText(asks)} {pricesText(asks, last, tick, priceDecimals)} (now{' '}
            {percentsText(askBand)})
          </li>
        </ul>
      )}
    </ConfirmDialog>
  );
}
