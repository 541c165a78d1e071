/** Play money from the faucet: what one asks for, and what the gateway says to it. */

import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { toast } from 'sonner';
import { typedAmount } from '../../shared/amounts/amounts';
import type { Model } from '../../shared/api/answer';
import { usePartners } from '../../shared/live/live-context';

export function FaucetForm({ currencies }: { currencies: readonly string[] }) {
  const { gateway } = usePartners();
  const [amount, setAmount] = useState('1000');
  const deposit = useMutation({
    mutationFn: (body: Model<'DepositRequest'>) =>
      gateway.request<Model<'DepositDone'>>('/v1/deposits', {
        method: 'POST',
        body,
        // One press, one deposit: a press is never sent twice under two keys.
        headers: { 'Idempotency-Key': crypto.randomUUID() },
      }),
    onSuccess: (done) => toast.success(`${done.amount} ${done.currency} deposited`),
    onError: (error) => toast.error(error.message),
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const currency = String(new FormData(event.currentTarget).get('currency'));
    deposit.mutate({ currency, amount });
  };
  return (
    <form className="faucet" onSubmit={submit}>
      <input
        aria-label="Amount of play money"
        inputMode="decimal"
        value={amount}
        onChange={(event) => setAmount(event.target.value)}
      />
      <select aria-label="Currency of play money" name="currency">
        {currencies.map((currency) => (
          <option key={currency}>{currency}</option>
        ))}
      </select>
      <button type="submit" disabled={typedAmount(amount) === null || deposit.isPending}>
        Faucet
      </button>
    </form>
  );
}
