/** A latency as short as it is honest: "0.4 ms", "12 ms", "1.25 s". */
export function latencyText(latencyMs: number): string {
  if (latencyMs < 9.95) return `${latencyMs.toFixed(1)} ms`;
  if (latencyMs < 999.5) return `${latencyMs.toFixed(0)} ms`;
  return `${(latencyMs / 1_000).toFixed(2)} s`;
}
