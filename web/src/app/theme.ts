/** The look: deep teal for what can be acted on, quiet greys for the rest, the charts' palette for data. */
import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from "@mantine/core";

const teal: MantineColorsTuple = [
  "#e9f7f8",
  "#d3eef1",
  "#a9dde3",
  "#7bcbd5",
  "#52bbc7",
  "#33a8b6",
  "#1a99a8",
  "#12828f",
  "#0d6c78",
  "#07545e",
];

const dark: MantineColorsTuple = [
  "#e6eaee",
  "#c3cbd3",
  "#9aa6b2",
  "#76828e",
  "#39434e",
  "#2c353f",
  "#1f262e",
  "#191f26",
  "#11151a",
  "#0c0f13",
];

export const theme = createTheme({
  colors: { tesela: teal, dark },
  primaryColor: "tesela",
  primaryShade: 8,
  autoContrast: true,
  fontFamily: "'Inter Variable', system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif",
  fontFamilyMonospace:
    "ui-monospace, 'SF Mono', 'Cascadia Code', 'JetBrains Mono', Menlo, Consolas, monospace",
  headings: { fontWeight: "620", textWrap: "balance" },
  defaultRadius: "md",
  radius: { md: "8px" },
  cursorType: "pointer",
  respectReducedMotion: true,
  components: {
    Tooltip: {
      defaultProps: { withArrow: false, openDelay: 350, events: { hover: true, focus: true, touch: false } },
    },
    Menu: { defaultProps: { shadow: "md", radius: "md" } },
    Modal: {
      styles: { title: { fontWeight: 640 } },
      defaultProps: { centered: true, radius: "lg", overlayProps: { backgroundOpacity: 0.45 } },
    },
    Badge: { styles: { root: { textTransform: "none" }, label: { fontWeight: 600 } } },
    Button: { styles: { label: { fontWeight: 560 } } },
  },
});

const PALE = ["red", "yellow", "teal", "green", "blue", "orange", "gray"];

/** Mantine's pale grounds are loud: these are the colour itself, thin over the card. */
function paleGrounds(shade: number, percent: number, textShade: number): Record<string, string> {
  const over = (color: string, much: number) =>
    `color-mix(in srgb, var(--mantine-color-${color}-${shade}) ${much}%, transparent)`;
  return Object.fromEntries(
    PALE.flatMap((color) => [
      [`--mantine-color-${color}-light`, over(color, percent)],
      [`--mantine-color-${color}-light-hover`, over(color, percent + 6)],
      [`--mantine-color-${color}-light-color`, `var(--mantine-color-${color}-${textShade})`],
    ]),
  );
}

export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    ...paleGrounds(6, 11, 9),
    "--mantine-color-dimmed": "var(--t-muted)",
    "--mantine-color-text": "var(--t-text)",
    "--mantine-color-body": "var(--t-card)",
    "--mantine-color-placeholder": "#6b7682",
    "--mantine-color-default": "#ffffff",
  },
  dark: {
    ...paleGrounds(5, 15, 3),
    "--mantine-color-dimmed": "var(--t-muted)",
    "--mantine-color-text": "var(--t-text)",
    "--mantine-color-body": "var(--t-card)",
    "--mantine-color-placeholder": "#8d99a5",
    "--mantine-color-default": "#1f262e",
    "--mantine-color-default-hover": "#28313a",
    "--mantine-color-anchor": "#52bbc7",
    "--mantine-color-tesela-light": "#16333a",
    "--mantine-color-tesela-light-hover": "#1b3f47",
    "--mantine-color-tesela-light-color": "#7bcbd5",
    "--mantine-color-tesela-text": "#7bcbd5",
  },
});
