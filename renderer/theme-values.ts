import { createTheme, type CSSVariablesResolver, type MantineColorsTuple } from '@mantine/core';

/** Calm blue; white on shade 6 has a contrast of 5.1, shade 3 on the dark ground one of 7. */
const accent: MantineColorsTuple = [
  '#eaf1fb',
  '#d3e1f5',
  '#a9c4ec',
  '#86b0ea',
  '#6b9ce4',
  '#447fd8',
  '#2f6bc7',
  '#255aab',
  '#1d4a90',
  '#143770',
];

/** Greys without a tint: what surrounds a picture must not bias how its colours are seen. */
const dark: MantineColorsTuple = [
  '#dcdddf',
  '#bfc1c4',
  '#a0a3a8',
  '#85888e',
  '#46494e',
  '#36383c',
  '#27282b',
  '#1b1c1e',
  '#151617',
  '#0f1011',
];

const gray: MantineColorsTuple = [
  '#f7f7f8',
  '#f0f0f1',
  '#e6e6e8',
  '#d9dadc',
  '#c8c9cc',
  '#a9abaf',
  '#7f8287',
  '#55585d',
  '#393b3f',
  '#232427',
];

/** Shade 6 carries white text, as the accent's does. */
const red: MantineColorsTuple = [
  '#fbeceb',
  '#f5d3d1',
  '#ebaaa6',
  '#e17f7a',
  '#d95d57',
  '#d14842',
  '#c23a34',
  '#a9302b',
  '#8d2724',
  '#6d1d1b',
];

const FONT = "system-ui, 'Segoe UI', Roboto, 'Noto Sans', sans-serif";

export const theme = createTheme({
  primaryColor: 'accent',
  primaryShade: 6,
  colors: { accent, dark, gray, red },
  black: '#1f2023',
  fontFamily: FONT,
  fontSizes: { xs: '0.8125rem', sm: '0.8125rem', md: '0.875rem', lg: '1rem', xl: '1.25rem' },
  lineHeights: { xs: '1.4', sm: '1.4', md: '1.45', lg: '1.5', xl: '1.5' },
  spacing: { xs: '0.375rem', sm: '0.5rem', md: '0.75rem', lg: '1rem', xl: '1.5rem' },
  radius: { xs: '2px', sm: '3px', md: '5px', lg: '8px', xl: '16px' },
  defaultRadius: 'md',
  headings: { fontFamily: FONT, fontWeight: '600' },
  respectReducedMotion: true,
  components: {
    // Locking the page's scrolling writes a <style>, which the page's policy forbids; the page does not scroll anyway.
    Modal: { defaultProps: { lockScroll: false, closeButtonProps: { 'aria-label': 'Close' } } },
    Drawer: { defaultProps: { lockScroll: false, closeButtonProps: { 'aria-label': 'Close' } } },
    Notification: { defaultProps: { closeButtonProps: { 'aria-label': 'Close' } } },
    Button: { defaultProps: { size: 'xs' } },
    TextInput: { defaultProps: { size: 'xs' } },
    NumberInput: { defaultProps: { size: 'xs' } },
    PasswordInput: { defaultProps: { size: 'xs' } },
    Select: { defaultProps: { size: 'xs', comboboxProps: { transitionProps: { duration: 0 } } } },
    MultiSelect: { defaultProps: { size: 'xs' } },
    TagsInput: { defaultProps: { size: 'xs' } },
    Autocomplete: { defaultProps: { size: 'xs' } },
    SegmentedControl: { defaultProps: { size: 'xs' } },
    Checkbox: { defaultProps: { size: 'xs' } },
    Radio: { defaultProps: { size: 'xs' } },
    Switch: { defaultProps: { size: 'xs' } },
    Tooltip: { defaultProps: { openDelay: 350, withArrow: true } },
  },
});

/** Where Mantine's own choices have less contrast than text needs (4.5), and what Assay adds. */
export const cssVariablesResolver: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-body': '#f3f3f4',
    '--mantine-color-dimmed': '#595c61',
    '--mantine-color-placeholder': '#66696e',
    '--mantine-color-error': '#b42323',
    '--mantine-color-success': '#1d6332',
    '--mantine-color-default-border': '#c8c9cc',
    '--mantine-color-accent-text': '#255aab',
    '--mantine-color-anchor': '#1d56ad',
    '--assay-focus': '#2f6bc7',
    '--assay-surface': '#ffffff',
    '--assay-surface-raised': '#ffffff',
    '--assay-line': '#dcdddf',
    '--assay-picture-ground': '#e0e0e1',
    '--assay-bad-surface': '#fbeceb',
    '--assay-bad-border': '#dfa09c',
    '--assay-warn-text': '#85560a',
    '--assay-warn-surface': '#fbf2dd',
    '--assay-bar': '#8f9297',
    '--assay-real': '#a86f00',
    '--assay-synthetic': '#0072b2',
  },
  dark: {
    '--mantine-color-placeholder': '#96999e',
    '--mantine-color-error': '#ff8a85',
    '--mantine-color-success': '#7fd396',
    '--mantine-color-anchor': '#86b0ea',
    '--mantine-color-default-border': '#46494e',
    '--assay-focus': '#6b9ce4',
    '--assay-surface': '#232427',
    '--assay-surface-raised': '#2b2c30',
    '--assay-line': '#36383c',
    '--assay-picture-ground': '#121314',
    '--assay-bad-surface': '#3a2524',
    '--assay-bad-border': '#7d4340',
    '--assay-warn-text': '#e8bd6d',
    '--assay-warn-surface': '#352d1d',
    '--assay-bar': '#6f7278',
    '--assay-real': '#e69f00',
    '--assay-synthetic': '#56b4e9',
  },
});
