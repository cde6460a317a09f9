/** What may be uploaded, and what its table is called. */

export const ACCEPTED = ".csv,.tsv,.txt,.parquet,.json,.jsonl,.ndjson,.xlsx";

const LARGEST = 2_000_000_000;
const LARGEST_SHEET = 100_000_000;

/** The limit this file breaks, in bytes, or null. */
export function tooLarge(file: Pick<File, "name" | "size">): number | null {
  const limit = /\.xlsx$/i.test(file.name) ? LARGEST_SHEET : LARGEST;
  return file.size > limit ? limit : null;
}

/** "Sales 2024 (final).csv" -> "sales_2024_final" */
export function tableNameOf(fileName: string): string {
  const name = fileName
    .replace(/\.[^.]+$/, "")
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "_")
    .replace(/^_+|_+$/g, "")
    .slice(0, 63);
  return /^[0-9]/.test(name) ? `t_${name}` : name;
}
