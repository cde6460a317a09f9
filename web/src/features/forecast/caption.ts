/** What is said of a forecast, in plain words. Pure. */
import { formatPercent } from "@/charts/format";
import type { Forecast } from ".";
import type { useForecastText } from "./text";

type Words = ReturnType<typeof useForecastText>;

/** "95 % band, typical error 6 %, better than repeating the last season". */
export function captionOf(
  { quality, model }: Pick<Forecast, "quality" | "model">,
  percent: string,
  locale: string,
  t: Words,
): string {
  if (model.method === "constant") return `${t.forecast}: ${t.constant}`;
  const said = [`${t.forecast}: ${t.band(percent)}`];
  if (quality.origins === 0) said.push(t.untested);
  if (quality.typical_error !== null) {
    const small = quality.typical_error < 0.1;
    said.push(t.error(formatPercent(quality.typical_error, locale, small ? 1 : 0)));
  }
  if (quality.beats_naive === true) said.push(Number(model.season) > 1 ? t.better : t.betterLast);
  if (quality.beats_naive === false) said.push(t.naive);
  return said.join(", ");
}

/** The notes in the reader's language; those without words of ours as the server says them. */
export function notesOf({ notes }: Pick<Forecast, "notes">, t: Words): string[] {
  return notes
    .filter(({ code }) => code !== "naive" && code !== "constant")
    .map(({ code, text, values }) => {
      const count = Number(values.count);
      if (code === "incomplete") return t.incomplete(String(values.x));
      if (code === "wild") return t.wild(String(values.x));
      if (code === "filled") return t.filled(count);
      if (code === "added_up") return t.added(count);
      if (code === "no_season") return t.noSeason;
      if (code === "largest") return t.largest(count, Number(values.total));
      return text;
    });
}
