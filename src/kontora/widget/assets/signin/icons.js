/* Paths of the icons, on a grid of 24, drawn as lines. */
export const LOCK = 'M7 11V8a5 5 0 0 1 10 0v3M6 11h12a1 1 0 0 1 1 1v7a1 1 0 0 1-1 1H6a1 1 0 0 1-1-1v-7a1 1 0 0 1 1-1z';
export const SEARCH = 'M11 4a7 7 0 1 1 0 14 7 7 0 0 1 0-14zM16.2 16.2 21 21';
export const CHECK = 'M5 12.5l4.5 4.5L19 7.5';
export const ALERT = 'M12 8v5M12 16.5v.1M12 3l9.5 17h-19z';
export const PHONE = 'M8 3h8a1 1 0 0 1 1 1v16a1 1 0 0 1-1 1H8a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1zM11 18h2';
export const BACK = 'M14.5 6l-6 6 6 6';
export const NEXT = 'M9.5 6l6 6-6 6';
export const OUT = 'M14 4h6v6M20 4l-9 9M10 5H5a1 1 0 0 0-1 1v13a1 1 0 0 0 1 1h13a1 1 0 0 0 1-1v-5';
export const EYE = 'M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12zM12 9.2a2.8 2.8 0 1 1 0 5.6 2.8 2.8 0 0 1 0-5.6z';
export const CLOSED_EYE = 'M4 4l16 16M9.9 5.8A9 9 0 0 1 12 5.5c6 0 9.5 6.5 9.5 6.5a16 16 0 0 1-3 3.7M6.3 7.2A15.600 15.600 0 0 0 2.500 12S6 18.500 12 18.500a9 9 0 0 0 4.300-1.100M10 10a2.800 2.800 0 0 0 4 4';
export const UPLOAD = 'M12 15.5V4M7.5 8.500 12 4l4.500 4.500M5 14v4.500A1.500 1.500 0 0 0 6.500 20h11a1.500 1.500 0 0 0 1.500-1.500V14';
export const PAPER = 'M7 3h7l4 4v13a1 1 0 0 1-1 1H7a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1zM14 3v4h4M9 12h6M9 16h6';
export const CLOSE = 'M6 6l12 12M18 6 6 18';
