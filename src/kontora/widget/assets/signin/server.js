/* The conversation with the server: one request at a time, and following the state while the bank is at work. */
import {start} from './start.js';

const MOVING = new Set(['working', 'wait', 'redirect', 'importing']);
const QUICKEST_MS = 400; // between two polls, should a server answer at once
const PATIENCE_MS = 35_000; // a long poll takes up to 20 s
const SLOWEST_MS = 8_000;

/** A refusal by the server: `exception` is its name, `state` where the conversation is if it told so. */
export class Refused extends Error {
  constructor(status, told) {
    super(told.exception?.message ?? told.message ?? '');
    this.status = status;
    this.exception = told.exception?.name ?? told.exception ?? null;
    this.state = told.state ?? null;
  }
}

const base = new URL('../../signin/conversation/', import.meta.url);

async function post(verb, body, signal) {
  const reply = await fetch(new URL(verb, base), {
    method: 'POST',
    headers: {'Content-Type': 'application/json'},
    body: JSON.stringify({token: start.token, ...body}),
    credentials: 'omit',
    cache: 'no-store',
    signal: signal ?? AbortSignal.timeout(PATIENCE_MS),
  });
  const told = await reply.json().catch(() => ({}));
  if (!reply.ok) throw new Refused(reply.status, told);
  return told;
}

export const choose = (what) => post('choose', what);
export const answer = (sealed) => post('answer', sealed);
export const back = () => post('back', {});

let following = null;

/** Follow the state from `state` on. `onState` gets each new one, `onTrouble(true)` while there is no connection. */
export function follow(state, onState, onTrouble) {
  stop();
  if (!MOVING.has(state.state)) return;
  following = new AbortController();
  poll(state, following.signal, onState, onTrouble).catch(() => {});
}

/** Stop following. */
export function stop() {
  following?.abort();
  following = null;
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

async function poll(state, stopped, onState, onTrouble) {
  let failures = 0;
  while (!stopped.aborted) {
    const began = Date.now();
    try {
      const ends = AbortSignal.any?.([stopped, AbortSignal.timeout(PATIENCE_MS)]) ?? stopped;
      const told = await post('state', {after: state.step}, ends);
      if (stopped.aborted) return;
      if (failures > 0) onTrouble(false);
      failures = 0;
      onState(told);
      if (!MOVING.has(told.state)) return;
      state = told;
      await pause(Math.max(0, QUICKEST_MS - (Date.now() - began)));
    } catch (error) {
      if (stopped.aborted) return;
      if (error instanceof Refused && error.status < 500 && error.status !== 429) {
        onState(error.state ?? {step: state.step + 1, state: 'failed', failure: {exception: 'SignInExpired'}});
        return;
      }
      failures += 1;
      if (failures === 2) onTrouble(true);
      await pause(Math.min(SLOWEST_MS, 500 * 2 ** failures));
    }
  }
}
