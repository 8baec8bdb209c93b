/* Sending files to the server: one at a time, with how much of it has gone. */
import {start} from '../signin/start.js';

export const MOST_BYTES = 10 * 1024 * 1024;
export const MOST_FILES = 20;
const PATIENCE_MS = 90_000; // others' files may be before ours

const base = new URL('../../pdf/', import.meta.url);

/**
 * Send a file. `onProgress(part)`: from 0 to 1 while it goes.
 * Returns what the server made of it: {ok, ...}; where nothing came back, the exception is `IO`.
 */
export function send(file, {target, password, onProgress}) {
  const form = new FormData();
  form.append('target', target);
  if (password) form.append('password', password);
  form.append('pdf', file, file.name);
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    request.open('POST', new URL('files', base));
    request.setRequestHeader('X-Visit-Token', start.token); // so that it is known before the file comes
    request.timeout = PATIENCE_MS;
    request.upload.onprogress = ({loaded, total}) => onProgress(total ? loaded / total : 1);
    request.onload = () => resolve({ok: request.status === 200, status: request.status, ...read(request.responseText)});
    request.onerror = request.ontimeout = request.onabort = () => resolve({ok: false, exception: 'IO', message: ''});
    request.send(form);
  });
}

function read(text) {
  try {
    return JSON.parse(text);
  } catch (error) {
    return {exception: 'IO', message: ''}; // what stands between us and the server answered
  }
}

/** Tell the server that no more files come; the owner need not wait for a connection. */
export async function finish() {
  const body = JSON.stringify({token: start.token});
  const request = {method: 'POST', headers: {'Content-Type': 'application/json'}, body, credentials: 'omit', keepalive: true};
  await fetch(new URL('finish', base), request).catch(() => null);
}
