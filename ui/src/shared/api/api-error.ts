/** What the gateway refuses: Binance's code and message, and the HTTP status. */

export class ApiError extends Error {
  readonly status: number;
  readonly code: number;

  constructor(status: number, code: number, message: string) {
    super(message);
    this.name = 'ApiError';
    this.status = status;
    this.code = code;
  }

  /** The request may have been carried out: ask before sending it again with another id. */
  get outcomeUnknown(): boolean {
    return this.code === NO_ANSWER.code || this.code === -1007 || this.status >= 500;
  }
}

const NO_ANSWER = { code: 0, message: 'The gateway cannot be reached.' };

/** Nobody answered: offline, a gateway that restarts, a time-out. */
export function noAnswer(): ApiError {
  return new ApiError(0, NO_ANSWER.code, NO_ANSWER.message);
}

/** The error that a body tells of, whatever the body is. */
export function errorOf(status: number, body: unknown): ApiError {
  if (typeof body === 'object' && body !== null) {
    const { code, msg, error_description, fields } = body as Record<string, unknown>;
    if (typeof code === 'number' && typeof msg === 'string') {
      return new ApiError(status, code, withFields(msg, fields));
    }
    if (typeof error_description === 'string') return new ApiError(status, 0, error_description);
  }
  return new ApiError(status, 0, `The gateway answered HTTP ${status}.`);
}

function withFields(msg: string, fields: unknown): string {
  if (!Array.isArray(fields)) return msg;
  const details = fields.flatMap((field: unknown) => {
    const { field: name, error } = (field ?? {}) as Record<string, unknown>;
    return typeof name === 'string' && typeof error === 'string' ? [`${name}: ${error}`] : [];
  });
  return [msg, ...details].join(' ');
}
