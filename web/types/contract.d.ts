// The API as `docs/openapi.json` has it, for the one function that calls it.

import type { components, paths } from '../../.build/api';

export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';
export type Schemas = components['schemas'];
export type Where = Schemas['WhereBody'];
export type Home = Schemas['HomeBody'];
export type Step = Schemas['StepBody'];
export type NextStep = Schemas['NextStep'];
export type Purpose = Schemas['Purpose'];
export type ProblemBody = Schemas['Problem'];
export type FollowUp = Schemas['FollowUpBody'];
export type FollowedPerson = Schemas['FollowedPersonBody'];
export type FollowedRequest = Schemas['FollowedRequestBody'];

/** A problem of the API, or one that the browser found: then it has a code alone. */
export type ProblemMembers = Pick<ProblemBody, 'code'> & Partial<ProblemBody>;

/** Whatever names a next step: an answer, or a problem. */
export interface Whereabouts {
  next_step?: NextStep;
  purpose?: string | null;
  home?: string | null;
}

/** A fault of a field, by the API's names. */
export interface Fault {
  field: string;
  code: string;
}

type Operation<M extends Method, P extends keyof paths> = NonNullable<paths[P][Lowercase<M>]>;
type PathOf<M extends Method> = { [P in keyof paths]: paths[P][Lowercase<M>] extends undefined ? never : P }[keyof paths];

type Json<T> = T extends { content: { 'application/json': infer B } } ? B : undefined;
type Good<R> = Json<R[keyof R & (200 | 202 | 204)]>;

/** The paths that a text can be: one, or those that fit what a page puts together from its own attributes. */
type Meant<M extends Method, P extends string> = Extract<PathOf<M>, P>;
type AnswerOf<M extends Method, K> = K extends keyof paths
  ? Operation<M, K> extends { responses: infer R }
    ? Good<R>
    : never
  : never;
type BodyOf<M extends Method, K> = K extends keyof paths
  ? Operation<M, K> extends { requestBody?: { content: { 'application/json': infer B } } }
    ? B
    : undefined
  : never;

/** A path of the API that has this method. */
export type Path<M extends Method, P extends string> = [Meant<M, P>] extends [never] ? never : P;
/** What the API answers to it. */
export type Answer<M extends Method, P extends string> = string extends P ? Step : AnswerOf<M, Meant<M, P>>;
/** What it takes. */
export type Body<M extends Method, P extends string> = P extends PathOf<M> ? BodyOf<M, P> : object;
