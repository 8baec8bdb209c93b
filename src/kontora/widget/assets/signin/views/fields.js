/* A field for each kind of question that a bank may ask. */
import {freshId, h, icon} from '../dom.js';
import {CLOSED_EYE, EYE} from '../icons.js';
import {t, textOrNull} from '../start.js';
import {maskedField} from './masked.js';

const CODES = new Set(['SMS_CODE', 'MOBILE_OTP', 'HARDWARE_TOKEN', 'CODE_LIST', 'PICTURE']);
const OWN_TEXT = new Set(['STATIC_LOGIN', 'COMPANY_LOGIN', 'PERSONAL_NUMBER']);
const MOST_RADIOS = 8;
const IMAGES = [['iVBOR', 'png'], ['/9j/', 'jpeg'], ['R0lGOD', 'gif'], ['UklGR', 'webp']];

/** The kind as the catalogue has it: choices differ by what they are about, and a picture may hold a code. */
function kindOf({kind, subject, options}) {
  if (kind === 'CHOICE' && subject) return `CHOICE_${subject}`;
  return kind === 'PICTURE' && !options?.length ? 'PICTURE_CODE' : kind;
}

/** The words above a field: ours in the owner's language; the bank's own where it has a word for its login. */
function labelOf(question, bank) {
  if (question.kind === 'STATIC_LOGIN' && bank?.loginName) return bank.loginName;
  if (question.kind === 'CODE_LIST' && question.challenge) return t('code_number', {number: question.challenge});
  return textOrNull(`kind_${kindOf(question)}`) || question.name || t('kind_other');
}

function imageUrl(base64) {
  const found = IMAGES.find(([mark]) => base64.startsWith(mark));
  return found && /^[A-Za-z0-9+/=\s]+$/.test(base64) ? `data:image/${found[1]};base64,${base64}` : null;
}

function image(question, alt) {
  const url = question.imageBase64 && imageUrl(question.imageBase64);
  return url && h('img', {class: 'asked-image', src: url, alt});
}

function radios(label, pairs, describedBy) {
  const name = freshId('choice');
  const inputs = pairs.map(({value}, place) =>
    h('input', {type: 'radio', name, value, id: `${name}-${place}`, required: true, 'aria-describedby': describedBy}));
  return {
    element: h('fieldset', {class: 'field choices'}, h('legend', {class: 'label'}, label),
      pairs.map((pair, place) => h('label', {class: 'choice'}, inputs[place], h('span', {}, pair.label)))),
    focus: inputs[0],
    value: () => inputs.find((input) => input.checked)?.value ?? '',
    isFilled: () => inputs.some((input) => input.checked),
    clear: () => inputs.forEach((input) => { input.checked = false; }),
  };
}

function select(label, pairs, describedBy) {
  const input = h('select', {required: true, 'aria-describedby': describedBy}, h('option', {value: ''}, '–'),
    pairs.map((pair) => h('option', {value: pair.value}, pair.label)));
  return {
    element: h('label', {class: 'field'}, h('span', {class: 'label'}, label), input),
    focus: input, value: () => input.value, isFilled: () => input.value !== '', clear: () => { input.value = ''; },
  };
}

function eye(input) {
  const toggle = h('button', {type: 'button', class: 'eye', 'aria-pressed': 'false', 'aria-label': t('show_password'),
    title: t('show_password'),
    onclick: () => {
      const isShown = input.type === 'text';
      input.type = isShown ? 'password' : 'text';
      toggle.setAttribute('aria-pressed', String(!isShown));
      toggle.replaceChildren(icon(isShown ? EYE : CLOSED_EYE));
    }}, icon(EYE));
  return toggle;
}

function typed(question, label, describedBy) {
  const isCode = CODES.has(question.kind);
  const isHidden = (question.asterisked || question.kind === 'STATIC_PASSWORD') && !isCode;
  const digits = question.pattern && /^\^?(\\d|\[0-9\])/.test(question.pattern);
  // A bank's password must not end up in a browser's store under our name, hence no current-password.
  const input = h('input', {
    type: isHidden ? 'password' : 'text', id: freshId('answer'), autocomplete: isCode ? 'one-time-code' : 'off',
    autocapitalize: 'none', autocorrect: 'off', spellcheck: 'false', maxlength: 200, required: true,
    inputmode: digits ? 'numeric' : null, class: isCode ? 'code' : null, 'aria-describedby': describedBy,
  });
  return {
    element: h('div', {class: 'field'}, h('label', {class: 'label', for: input.id}, label),
      isHidden ? h('span', {class: 'with-eye'}, input, eye(input)) : input),
    focus: input,
    value: () => (isHidden ? input.value : input.value.trim()),
    isFilled: () => input.value.trim() !== '',
    clear: () => { input.type = isHidden ? 'password' : 'text'; input.value = ''; },
  };
}

function made(question, label, describedBy) {
  if (question.mask?.positions?.length) return maskedField(question, label, describedBy);
  if (!question.options?.length) return typed(question, label, describedBy);
  const pairs = question.options.map((pair) => ({
    value: pair.value, label: (question.kind === 'PICTURE' && textOrNull(`picture_${pair.value}`)) || pair.label,
  }));
  return (pairs.length > MOST_RADIOS ? select : radios)(label, pairs, describedBy);
}

function aids(question) {
  const alt = question.kind === 'CAPTCHA' ? t('captcha_alt') : t('picture_alt');
  const challenge = question.kind === 'HARDWARE_TOKEN' && question.challenge;
  return [
    challenge && h('p', {class: 'challenge'}, h('span', {}, t('token_challenge')),
      h('strong', {class: 'challenge-code'}, question.challenge)),
    image(question, alt),
  ];
}

/** The field of a question: `element`, `focus`, `value()`, `isFilled()`, `clear()`, `kind`. */
export function field(question, bank) {
  const id = freshId('help');
  const label = labelOf(question, bank);
  const ours = question.mask?.positions?.length ? 'help_masked' : `help_${kindOf(question)}`;
  const sentTo = question.sentTo && t('sent_to', {to: question.sentTo});
  const help = [textOrNull(ours), question.description, sentTo]
    .filter((text) => text && text !== label && !(OWN_TEXT.has(question.kind) && text === question.name));
  const part = made(question, label, help.length ? id : null);
  const element = h('div', {class: 'question', 'data-kind': question.kind},
    help.length > 0 && h('p', {class: 'help', id}, help.map((text) => h('span', {}, text))), aids(question), part.element);
  return {...part, element, kind: question.kind};
}
