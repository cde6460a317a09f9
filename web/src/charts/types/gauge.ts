/** One value on its scale; the value of the last row, as a KPI has it. */
import { CannotDraw, type ChartConfig, type ChartContext, type Drawing, type Table } from "../contract";
import { numbersOf } from "../data/coerce";
import { firstNumber, mustHaveNumbers, namedColumn, needed, numberOf, textOf, titleOf } from "../data/fields";
import { formatFull, formatShort, formatTick, styleOf } from "../format";
import { categorical } from "../palette";
import { frame, sizeOf, tokensOf, tooltipFrame } from "../theme";
import { card } from "../tooltip";
import { ceiling } from "./radar";

export function draw(table: Table, config: ChartConfig, ctx: ChartContext): Drawing {
  const column = needed(namedColumn(table, config, "valueField") ?? firstNumber(table), "the value");
  mustHaveNumbers(table, [column]);
  const row = table.rows.length - 1;
  const value = numbersOf(table, column)[row] ?? null;
  if (value === null) throw new CannotDraw("no_values", `“${column}” is empty in the last row.`);
  const style = styleOf(config);
  const min = numberOf(config, "min") ?? (value < 0 ? -ceiling(-value) : 0);
  const most =
    numberOf(config, "max") ??
    (style.format === "percent" && value <= 1 ? 1 : value <= 100 ? 100 : ceiling(value));
  const max = most > min ? most : min + 1;
  const tokens = tokensOf(ctx);
  const { font } = sizeOf(ctx);
  const color = categorical(ctx.theme, textOf(config, "colorScheme"))[0] ?? tokens.ink;
  const radius = Math.max(28, Math.min((ctx.width - 32) / 2, (ctx.height - 24) / 1.36));
  const thick = Math.max(8, Math.min(22, radius * 0.16));
  const isOff = value < min || value > max;
  const text = formatShort(value, style, ctx.locale);
  return {
    option: {
      ...frame(ctx),
      tooltip: {
        ...tooltipFrame(ctx),
        formatter: () =>
          card(titleOf(column), [{ name: "Value", value: formatFull(value, style, ctx.locale) }], ctx),
      },
      series: [
        {
          type: "gauge",
          min,
          max,
          startAngle: 200,
          endAngle: -20,
          radius,
          center: ["50%", Math.max(12 + radius, ctx.height / 2 + radius * 0.33)],
          splitNumber: 1,
          progress: { show: true, roundCap: false, width: thick, itemStyle: { color } },
          pointer: { show: false },
          anchor: { show: false },
          axisLine: { roundCap: false, lineStyle: { width: thick, color: [[1, tokens.lineSoft]] } },
          axisTick: { show: false },
          splitLine: { show: false },
          axisLabel: {
            show: radius > 60,
            distance: thick + 4,
            color: tokens.inkFaint,
            fontSize: font,
            formatter: (tick: number) => formatTick(tick, style, ctx.locale),
          },
          title: { show: false },
          detail: {
            offsetCenter: [0, -radius * 0.08],
            fontSize: Math.max(14, Math.min(44, radius * 0.34)),
            fontWeight: 600,
            color: tokens.ink,
            formatter: () => text,
          },
          data: [{ value: Math.min(max, Math.max(min, value)) }],
        },
      ],
    },
    summary: `Gauge: ${titleOf(column)} is ${text} on a scale from ${formatShort(min, style, ctx.locale)} to ${formatShort(max, style, ctx.locale)}.`,
    notes: isOff ? [`${text} lies outside the scale.`] : [],
    rowAt: () => row,
  };
}
