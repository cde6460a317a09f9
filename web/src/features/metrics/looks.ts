/** Text that is code. */
export const MONO = { input: { fontFamily: "var(--mantine-font-family-monospace)", fontSize: 13 } };
