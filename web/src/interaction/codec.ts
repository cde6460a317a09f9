/**
 * Values as short texts for the address: `EWR`, `UA~DL`, `5`, `"5"` (the text), `EWR|Newark` (with its label).
 * What could be mistaken for something else is written as JSON.
 */

export type Scalar = string | number | boolean | null;

/** A value and, where it reads differently, how it reads. */
export interface Labelled {
  readonly value: Scalar;
  readonly label?: string;
}

const MANY = "~";
const LABEL = "|";
const SPECIAL = /[~|]/g;

function isScalar(value: unknown): value is Scalar {
  return value === null || ["string", "number", "boolean"].includes(typeof value);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** 5 -> `5`, "5" -> `"5"`, "EWR" -> `EWR`, null -> `null` */
export function writeScalar(value: Scalar): string {
  if (typeof value !== "string") return JSON.stringify(value);
  const isPlain = value !== "" && parsed(value) === undefined && value.search(SPECIAL) < 0;
  return isPlain ? value : escaped(JSON.stringify(value));
}

export function readScalar(text: string): Scalar {
  const value = parsed(text);
  return isScalar(value) ? value : text;
}

/** Marks that divide values are written in another way, so that splitting never cuts a value. */
function escaped(json: string): string {
  return json.replace(SPECIAL, (mark) => `\\u${mark.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

export function writeList(values: readonly Scalar[]): string {
  return values.map(writeScalar).join(MANY);
}

export function readList(text: string): Scalar[] {
  return text.split(MANY).map(readScalar);
}

export function writeLabelled(values: readonly Labelled[]): string {
  return values
    .map(({ value, label }) =>
      label === undefined || label === String(value)
        ? writeScalar(value)
        : writeScalar(value) + LABEL + writeScalar(label),
    )
    .join(MANY);
}

export function readLabelled(text: string): Labelled[] {
  return text.split(MANY).map((part) => {
    const [value = "", label] = part.split(LABEL);
    return label === undefined
      ? { value: readScalar(value) }
      : { value: readScalar(value), label: String(readScalar(label)) };
  });
}
