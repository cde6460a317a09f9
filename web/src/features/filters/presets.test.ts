import { afterEach, expect, test } from "vitest";
import { type FilterValue, readFilters } from "@/interaction/filters";
import { setLocale } from "@/lib/locale";
import { valueText } from "./presets";
import { englishRelative, spanishRelative } from "./text";

afterEach(() => setLocale("en"));

test.each([
  ["today", "Today", "Hoy"],
  ["last_30_days", "Last 30 days", "Últimos 30 días"],
  ["last_3_weeks", "Last 3 weeks", "Últimas 3 semanas"],
  ["next_2_quarters", "Next 2 quarters", "Próximos 2 trimestres"],
  ["this_week", "This week", "Esta semana"],
  ["this_quarter", "This quarter", "Este trimestre"],
  ["last_week", "Last week", "Semana pasada"],
  ["last_year", "Last year", "Año pasado"],
  ["next_month", "Next month", "Mes próximo"],
  ["year_to_date", "Year to date", "Año hasta hoy"],
  ["all_time", "All time", "Siempre"],
])("%s reads %s, %s", (name, english, spanish) => {
  expect([englishRelative(name), spanishRelative(name)]).toEqual([english, spanish]);
});

const cases: [string, FilterValue, string][] = [
  ["date_range", { relative: "last_7_days" }, "Last 7 days"],
  ["date_range", { start: "2013-01-01", end: "2013-01-01" }, "Jan 1, 2013"],
  ["date_range", { start: "2013-10-01" }, "from Oct 1, 2013"],
  ["date_range", { end: "2013-10-01" }, "until Oct 1, 2013"],
  ["multi_select", ["EWR"], "Newark"],
  ["multi_select", ["EWR", "JFK", "LGA"], "Newark +2"],
  ["select", null, ""],
  ["number_range", { min: 100, max: 2500 }, "100 – 2,500"],
  ["number_range", { min: 100 }, "from 100"],
  ["number_range", { max: 5 }, "up to 5"],
  ["boolean", false, "No"],
  ["text", "abc", "abc"],
];

test.each(cases)("%s: %j reads %j", (type, value, words) => {
  setLocale("en");
  const [def] = readFilters([{ name: "f", type, options: [{ value: "EWR", label: "Newark" }] }]);

  expect(def && valueText(def, value)).toBe(words);
});
