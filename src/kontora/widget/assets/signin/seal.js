/* Credentials leave the page only encrypted for the one-time key of their step. */
const SUITE = {name: 'ECDH', namedCurve: 'P-256'};
const INFO = 'kontora credential v1';
const bytes = (text) => new TextEncoder().encode(text);

/** Base64url without padding. */
export function base64url(buffer) {
  const text = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(text).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/** Encrypt the answers of a step. Returns `ephemeralKey` and `answers` in the order given.
 *  AAD: hash of the token, step, place and kind, so that an answer fits nowhere else. */
export async function seal(token, state, answers) {
  const {publicKey, stepToken, step} = state;
  const theirs = {kty: publicKey.kty, crv: publicKey.crv, x: publicKey.x, y: publicKey.y};
  const theirKey = await crypto.subtle.importKey('jwk', theirs, SUITE, false, []);
  const ours = await crypto.subtle.generateKey(SUITE, false, ['deriveBits']);
  const shared = await crypto.subtle.deriveBits({name: 'ECDH', public: theirKey}, ours.privateKey, 256);
  const material = await crypto.subtle.importKey('raw', shared, 'HKDF', false, ['deriveKey']);
  const key = await crypto.subtle.deriveKey(
    {name: 'HKDF', hash: 'SHA-256', salt: bytes(stepToken), info: bytes(INFO)},
    material, {name: 'AES-GCM', length: 256}, false, ['encrypt']);
  const tokenHash = base64url(await crypto.subtle.digest('SHA-256', bytes(token)));
  const sealed = [];
  for (const [index, {kind, value}] of answers.entries()) {
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const additionalData = bytes(`${tokenHash}.${step}.${index}.${kind}`);
    const cipher = await crypto.subtle.encrypt({name: 'AES-GCM', iv, additionalData}, key, bytes(value));
    const whole = new Uint8Array(iv.length + cipher.byteLength);
    whole.set(iv);
    whole.set(new Uint8Array(cipher), iv.length);
    sealed.push({kind, cipherText: base64url(whole)});
  }
  const {kty, crv, x, y} = await crypto.subtle.exportKey('jwk', ours.publicKey);
  return {ephemeralKey: {kty, crv, x, y}, answers: sealed};
}
