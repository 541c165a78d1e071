/** What the gateway answers, as its OpenAPI document says. Nothing here is written by hand. */

import type { components, paths } from './openapi';

export type Path = keyof paths;

type Operation<P extends Path, M extends string> = M extends keyof paths[P] ? paths[P][M] : never;

type Successful<O> = O extends { responses: infer R }
  ? R extends { 200: { content: { 'application/json': infer Body } } }
    ? Body
    : R extends { 201: { content: { 'application/json': infer Body } } }
      ? Body
      : undefined
  : never;

/** The body of a successful answer: `Answer<'/api/v3/openOrders', 'get'>`. */
export type Answer<P extends Path, M extends string> = Successful<Operation<P, M>>;

/** A model of `/v1`: `Model<'SagaInfo'>`. */
export type Model<Name extends keyof components['schemas']> = components['schemas'][Name];
