/* The choice of a bank: typing filters a list that is walked with the arrow keys. */
import {freshId, h, icon} from '../dom.js';
import {heading, logo} from '../frame.js';
import {NEXT, SEARCH} from '../icons.js';
import {client, start, t, textOrNull} from '../start.js';

const {options} = start;
const STROKES = {ł: 'l', Ł: 'l', đ: 'd', ø: 'o', ß: 'ss', æ: 'ae', œ: 'oe'};

/** Lower case without diacritics: "Česká spořitelna" is found by "ceska sporitelna". */
export function plain(text) {
  return text.normalize('NFD').replace(/\p{Diacritic}/gu, '').replace(/[łŁđøßæœ]/g, (letter) => STROKES[letter])
    .toLowerCase();
}

/** One entry for each bank: its targets joined. */
export function banks(targets) {
  const found = new Map();
  for (const target of targets) {
    const bank = found.get(target.institution) ?? {...target, beta: true, accountTypes: []};
    bank.beta &&= Boolean(target.beta);
    bank.accountTypes = [...new Set([...bank.accountTypes, ...(target.accountTypes ?? [])])];
    bank.search = plain(`${bank.officialName} ${bank.institution}`);
    found.set(target.institution, bank);
  }
  return [...found.values()];
}

const all = banks(start.targets ?? []);

function countrySelect(country, onCountry) {
  const countries = [...new Set(start.countries ?? [])];
  if (countries.length < 2) return null;
  const names = new Intl.DisplayNames([start.lang], {type: 'region'});
  const choice = (value, label) => h('option', {value, selected: value === country}, label);
  const named = countries.map((code) => [code, names.of(code.toUpperCase())])
    .sort((one, other) => one[1].localeCompare(other[1], start.lang));
  return h('label', {class: 'field'}, h('span', {class: 'label'}, t('country')),
    h('select', {onchange: (event) => onCountry(event.target.value)},
      choice('all', t('all_countries')), named.map(([code, name]) => choice(code, name))));
}

function types(bank) {
  const words = bank.accountTypes.map((type) => textOrNull(`type_${type}`)).filter(Boolean);
  return words.length > 0 && h('span', {class: 'bank-types'}, words.join(' · '));
}

function option(bank, id, onChoose) {
  return h('li', {id, role: 'option', 'aria-selected': 'false', class: 'bank', onclick: () => onChoose(bank)},
    logo(bank, options.showFavicons),
    h('span', {class: 'bank-words'}, h('span', {class: 'bank-name'}, bank.officialName), types(bank)),
    bank.beta && options.showBetaQualityLabels && h('span', {class: 'tag'}, t('beta')),
    icon(NEXT, 'icon go'));
}

/** The view. `onChoose(bank)`, `onMissing(country)` or null; `country` is remembered by the caller. */
export function chooseView({country, onChoose, onMissing, onCountry, lead = client && t('asks', {client})}) {
  const listId = freshId('banks');
  let shown = [];
  let active = -1;

  const list = h('ul', {id: listId, role: 'listbox', class: 'banks', 'aria-label': t('banks')});
  const count = h('p', {class: 'hidden', role: 'status'});
  const nothing = h('p', {class: 'nothing', hidden: true}, t('no_bank_found'));
  const search = h('input', {
    type: 'search', role: 'combobox', autocomplete: 'off', autocapitalize: 'none', spellcheck: 'false',
    'aria-autocomplete': 'list', 'aria-expanded': 'true', 'aria-controls': listId, enterkeyhint: 'go',
    placeholder: t('search_placeholder'), oninput: () => filter(true), onkeydown: onKey,
  });

  function move(to) {
    list.children[active]?.setAttribute('aria-selected', 'false');
    active = shown.length ? Math.max(-1, Math.min(to, shown.length - 1)) : -1;
    const element = list.children[active];
    element?.setAttribute('aria-selected', 'true');
    element?.scrollIntoView({block: 'nearest'});
    if (element) search.setAttribute('aria-activedescendant', element.id);
    else search.removeAttribute('aria-activedescendant');
  }

  function onKey(event) {
    const steps = {ArrowDown: active + 1, ArrowUp: Math.max(active - 1, 0), PageDown: active + 5,
      PageUp: Math.max(active - 5, 0)};
    if (event.key in steps) move(steps[event.key]);
    else if (event.key === 'Enter' && shown[active]) onChoose(shown[active]);
    else if (event.key === 'Escape' && search.value) { search.value = ''; filter(true); } else return;
    event.preventDefault();
  }

  function filter(typed) {
    const words = plain(search.value).split(/\s+/).filter(Boolean);
    shown = all.filter((bank) => (country === 'all' || bank.country === country)
      && words.every((word) => bank.search.includes(word)));
    list.replaceChildren(...shown.map((bank, place) => option(bank, `${listId}-${place}`, onChoose)));
    list.hidden = shown.length === 0;
    nothing.hidden = shown.length > 0;
    if (typed) count.textContent = t('banks_found', {count: shown.length});
    active = -1;
    move(typed && search.value ? 0 : (options.showDefaultTarget ? 0 : -1));
  }

  const changeCountry = (chosen) => { country = chosen; onCountry(chosen); filter(true); };
  const view = h('section', {'data-view': 'choose', class: 'view'},
    heading(t('choose_bank')),
    lead && h('p', {class: 'lead'}, lead),
    countrySelect(country, changeCountry),
    h('label', {class: 'field'}, h('span', {class: 'label'}, t('search_label')),
      h('span', {class: 'with-icon'}, icon(SEARCH), search)),
    count, list, nothing,
    options.showTargetMissingOption && onMissing && h('button', {type: 'button', class: 'link', onclick: () => onMissing(country)},
      t('not_listed')));
  filter(false);
  return {view, focus: search};
}
