/** Open, high, low and close over time: hollow when it rose, filled when it fell. */
import { CannotDraw, type ChartConfig, type ChartContext, type Drawing, type Table } from "../contract";
import { kindOf, numbersOf, timesOf, toLabel } from "../data/coerce";
import { matchColumn, mustHaveNumbers, namedColumn, needed } from "../data/fields";
import { rows } from "../data/pivot";
import {
  formatFull,
  formatMoment,
  formatMomentShort,
  formatPercent,
  formatShort,
  grainOf,
  styleOf,
} from "../format";
import { baseAxis, gridFor, valueAxis } from "../layout";
import { frame, tokensOf, tooltipFrame } from "../theme";
import { card, tipParams } from "../tooltip";

interface Candle {
  readonly at: number;
  readonly label: string;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly row: number;
}

const MAX_CANDLES = 1500;

export function draw(table: Table, config: ChartConfig, ctx: ChartContext): Drawing {
  const read = candlesOf(table, config, ctx);
  const candles = read.candles.slice(-MAX_CANDLES);
  const notes = [...read.notes];
  if (candles.length < read.candles.length)
    notes.push(`The last ${MAX_CANDLES} of ${read.candles.length} periods are drawn.`);
  const style = styleOf(config);
  const tokens = tokensOf(ctx);
  const base = baseAxis(ctx);
  const first = candles[0];
  const last = candles.at(-1);
  if (!first || !last) throw new CannotDraw("no_values", "No row has all of open, high, low and close.");
  const grain = read.isTime ? grainOf(candles.map((candle) => candle.at)) : undefined;
  const years = new Set(candles.map((candle) => new Date(candle.at).getUTCFullYear()));
  const short = (candle: Candle) =>
    grain ? formatMomentShort(candle.at, grain, ctx.locale, years.size > 1) : candle.label;
  const full = (candle: Candle) => (grain ? formatMoment(candle.at, grain, ctx.locale) : candle.label);
  const show = (value: number) => formatFull(value, style, ctx.locale);
  return {
    option: {
      ...frame(ctx),
      grid: gridFor({ top: 12 }),
      xAxis: { type: "category", data: candles.map(short), ...base },
      yAxis: { ...valueAxis(style, {}, ctx), scale: true },
      tooltip: {
        ...tooltipFrame(ctx),
        trigger: "axis",
        axisPointer: { type: "line", lineStyle: { color: tokens.line, type: "solid" } },
        formatter: (given: unknown) => {
          const candle = candles[tipParams(given)[0]?.dataIndex ?? -1];
          if (!candle) return "";
          const change =
            candle.open === 0
              ? ""
              : ` (${formatPercent((candle.close - candle.open) / Math.abs(candle.open), ctx.locale)})`;
          const arrow = candle.close >= candle.open ? "▲" : "▼";
          const lines = [
            { name: "Open", value: show(candle.open) },
            { name: "High", value: show(candle.high) },
            { name: "Low", value: show(candle.low) },
            { name: "Close", value: show(candle.close) },
            {
              name: "Change",
              value: `${arrow} ${show(candle.close - candle.open)}${change}`,
              isStrong: true,
            },
          ];
          return card(full(candle), lines, ctx);
        },
      },
      series: [
        {
          type: "candlestick",
          data: candles.map(({ open, close, low, high }) => [open, close, low, high]),
          barMaxWidth: 18,
          itemStyle: {
            color: tokens.ground,
            color0: tokens.down,
            borderColor: tokens.up,
            borderColor0: tokens.down,
            borderColorDoji: tokens.muted,
            borderWidth: candles.length > ctx.width / 5 ? 1 : 1.5,
          },
          emphasis: { itemStyle: { borderWidth: 2 } },
        },
      ],
    },
    summary: `Candlestick chart of ${candles.length} periods from ${full(first)} to ${full(last)}. Last close ${formatShort(last.close, style, ctx.locale)}, first open ${formatShort(first.open, style, ctx.locale)}.`,
    notes,
    rowAt: ({ dataIndex = -1 }) => candles[dataIndex]?.row,
  };
}

function candlesOf(table: Table, config: ChartConfig, ctx: ChartContext) {
  const find = (part: string) =>
    needed(
      namedColumn(table, config, `${part}Field`) ?? matchColumn(table.columns, part),
      `“${part}”`,
      "line",
    );
  const columns = { open: find("open"), high: find("high"), low: find("low"), close: find("close") };
  const values = Object.values(columns);
  const date = needed(
    namedColumn(table, config, "dateField") ?? table.columns.find((column) => !values.includes(column)),
    "the date",
  );
  mustHaveNumbers(table, values);
  const isTime = kindOf(table, date) === "time";
  const times = isTime ? timesOf(table, date, ctx.timeZone) : undefined;
  const number = (column: string, row: number) => numbersOf(table, column)[row] ?? null;
  const candles: Candle[] = [];
  table.rows.forEach((cells, row) => {
    const open = number(columns.open, row);
    const high = number(columns.high, row);
    const low = number(columns.low, row);
    const close = number(columns.close, row);
    const at = times ? (times[row] ?? null) : row;
    if (open === null || high === null || low === null || close === null || at === null) return;
    candles.push({ at, label: toLabel(cells[date]), open, high, low, close, row });
  });
  if (isTime) candles.sort((a, b) => a.at - b.at);
  const left = table.rows.length - candles.length;
  return { candles, isTime, notes: left > 0 ? [`${rows(left)} with a gap left out.`] : [] };
}
