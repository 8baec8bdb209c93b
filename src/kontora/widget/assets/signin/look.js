/* The client's `styles`: listed keys, colours and one number; anything else is ignored. */
import {start} from './start.js';

const COLOURS = {
  alertErrorBgColor: '--error-bg', alertErrorBorderColor: '--error-line', alertErrorTextColor: '--error-text',
  bodyBgColor: '--bg', btnBgColor: '--button-bg', btnBorderColor: '--button-line', btnTextColor: '--button-text',
  btnPrimaryBgColor: '--primary-bg', btnPrimaryBorderColor: '--primary-line', btnPrimaryTextColor: '--primary-text',
  inputBgColor: '--input-bg', inputBorderColor: '--input-line', inputTextColor: '--input-text',
  inputDisabledTextColor: '--input-disabled', inputBorderFocusColor: '--focus', menuHighlightBgColor: '--highlight',
  textColor: '--text',
};
// Where only the ground is given, the text on it is made readable.
const TEXT_ON = {'--bg': '--text', '--button-bg': '--button-text', '--primary-bg': '--primary-text',
  '--input-bg': '--input-text', '--error-bg': '--error-text'};
const COLOUR = /^(#[0-9a-f]{3,8}|[a-z]{3,24}|(rgb|hsl)a?\([\d\s.,%/]{5,40}(deg)?[\d\s.,%/]{0,30}\))$/i;
const LARGEST_RADIUS = 40;

const root = document.documentElement;

/** The value if it is a plain CSS colour, else null. */
export function colourOf(value) {
  const text = typeof value === 'string' ? value.trim() : '';
  return COLOUR.test(text) && CSS.supports('color', text) ? text : null;
}

/** Luminance from 0 (black) to 1 (white), as WCAG has it; null for colours that only the page knows. */
function luminance(colour) {
  const probe = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
  probe.fillStyle = colour;
  probe.fillRect(0, 0, 1, 1);
  const [r, g, b] = [...probe.getImageData(0, 0, 1, 1).data].map((byte) => {
    const part = byte / 255;
    return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

const isDark = (colour) => luminance(colour) < 0.18;

/** Apply the client's styles through the CSS object model. */
export function dress() {
  const styles = start.options.styles ?? {};
  const chosen = {};
  for (const [key, property] of Object.entries(COLOURS)) {
    const colour = colourOf(styles[key]);
    if (colour) chosen[property] = colour;
  }
  for (const [ground, text] of Object.entries(TEXT_ON)) {
    if (chosen[ground] && !chosen[text]) chosen[text] = isDark(chosen[ground]) ? '#ffffff' : '#10151d';
  }
  if (chosen['--bg']) root.dataset.scheme = isDark(chosen['--bg']) ? 'dark' : 'light';
  else if (chosen['--text']) root.dataset.scheme = isDark(chosen['--text']) ? 'light' : 'dark';
  for (const [property, colour] of Object.entries(chosen)) root.style.setProperty(property, colour);
  const radius = Number(String(styles.borderRadius ?? '').replace(/px$/, '') || NaN);
  if (radius >= 0 && radius <= LARGEST_RADIUS) root.style.setProperty('--radius', `${radius}px`);
}
