/** Themes that can be asked for; `auto` is dark or light, by the terminal. */
export const THEME_SETTINGS = ['auto', 'dark', 'light', 'mono', 'reader'] as const;
export type ThemeSetting = (typeof THEME_SETTINGS)[number];
