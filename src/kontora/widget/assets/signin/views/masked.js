/* A masked password: a box for each character, of which only the asked ones can be filled in. */
import {freshId, h} from '../dom.js';
import {t} from '../start.js';

/** The field. `value()` joins the asked characters in order of their places. */
export function maskedField(question, label, describedBy) {
  const {length, positions} = question.mask;
  const wanted = [...positions].sort((one, other) => one - other);
  const boxes = wanted.map((place) => h('input', {
    type: 'password', class: 'box', maxlength: 1, autocomplete: 'off', autocapitalize: 'none', spellcheck: 'false',
    id: freshId('box'), 'data-place': place, required: true,
    'aria-label': t('character_of', {place, length}), 'aria-describedby': describedBy,
    oninput: onInput, onkeydown: onKey, onpaste: onPaste, onfocus: (event) => event.target.select(),
  }));

  function onInput(event) {
    if (event.target.value) boxes[boxes.indexOf(event.target) + 1]?.focus();
  }

  function onKey(event) {
    const place = boxes.indexOf(event.target);
    if (event.key === 'Backspace' && !event.target.value) boxes[place - 1]?.focus();
    else if (event.key === 'ArrowLeft') boxes[place - 1]?.focus();
    else if (event.key === 'ArrowRight') boxes[place + 1]?.focus();
    else return;
    if (event.key !== 'Backspace') event.preventDefault();
  }

  function onPaste(event) {
    event.preventDefault();
    const letters = [...event.clipboardData.getData('text').trim()];
    const from = boxes.indexOf(event.target);
    const taken = letters.length === length ? wanted.map((place) => letters[place - 1]) : letters;
    const first = letters.length === length ? 0 : from;
    taken.slice(0, boxes.length - first).forEach((letter, index) => { boxes[first + index].value = letter; });
    boxes[Math.min(first + taken.length, boxes.length - 1)].focus();
  }

  const cells = Array.from({length}, (_, index) => {
    const box = boxes[wanted.indexOf(index + 1)];
    return h('span', {class: 'cell'}, box ?? h('span', {class: 'box shut', 'aria-hidden': 'true'}, '•'),
      h('span', {class: 'place', 'aria-hidden': 'true'}, index + 1));
  });
  return {
    element: h('fieldset', {class: 'field'}, h('legend', {class: 'label'}, label), h('div', {class: 'boxes'}, cells)),
    focus: boxes[0],
    value: () => boxes.map((box) => box.value).join(''),
    isFilled: () => boxes.every((box) => box.value !== ''),
    clear: () => boxes.forEach((box) => { box.value = ''; }),
  };
}
