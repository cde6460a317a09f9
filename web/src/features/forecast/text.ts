import { catalogue, plural } from "@/i18n/catalogue";

export const useForecastText = catalogue(
  {
    forecast: "Forecast",
    working: "Forecasting…",
    band: (percent: string) => `${percent} band`,
    horizon: "How far",
    level: "How sure",
    periods: (n: number, unit: string) => {
      const words: Record<string, string> = { minute: "step" };
      return `${n} ${plural(n, words[unit] ?? unit, `${words[unit] ?? unit}s`)}`;
    },
    remove: "Remove the forecast",
    error: (percent: string) => `typical error ${percent}`,
    better: "better than repeating the last season",
    betterLast: "better than repeating the last value",
    naive: "repeating the past did better, so that is shown",
    untested: "too short to be tested",
    constant: "all values are the same",
    notes: "What was done to the data",
    incomplete: (x: string) => `${x} was not over yet: it is forecast, not used.`,
    filled: (n: number) =>
      `${n} ${plural(n, "gap was", "gaps were")} filled from the neighbours in the season.`,
    wild: (x: string) => `The unusual value at ${x} was not followed.`,
    noSeason: "Too few periods for a season: it is forecast without one.",
    added: (n: number) =>
      `${n} ${plural(n, "row shares its period", "rows share their period")} and were added up.`,
    largest: (n: number, total: number) => `The ${n} largest of ${total} series are forecast.`,
  },
  {
    forecast: "Pronóstico",
    working: "Calculando el pronóstico…",
    band: (percent) => `banda del ${percent}`,
    horizon: "Hasta dónde",
    level: "Con qué seguridad",
    periods: (n, unit) => {
      const words: Record<string, [string, string]> = {
        minute: ["paso", "pasos"],
        hour: ["hora", "horas"],
        day: ["día", "días"],
        week: ["semana", "semanas"],
        month: ["mes", "meses"],
        quarter: ["trimestre", "trimestres"],
        year: ["año", "años"],
      };
      const [one, many] = words[unit] ?? ["paso", "pasos"];
      return `${n} ${plural(n, one, many)}`;
    },
    remove: "Quitar el pronóstico",
    error: (percent) => `error típico ${percent}`,
    better: "mejor que repetir la última temporada",
    betterLast: "mejor que repetir el último valor",
    naive: "repetir el pasado acertó más, y eso se muestra",
    untested: "demasiado corto para ponerlo a prueba",
    constant: "todos los valores son iguales",
    notes: "Qué se hizo con los datos",
    incomplete: (x) => `${x} aún no había terminado: se pronostica, no se usa.`,
    filled: (n) =>
      `${n} ${plural(n, "hueco se rellenó", "huecos se rellenaron")} con sus vecinos de temporada.`,
    wild: (x) => `El valor inusual de ${x} no se siguió.`,
    noSeason: "Muy pocos periodos para una temporada: se pronostica sin ella.",
    added: (n) => `${n} ${plural(n, "fila comparte su periodo", "filas comparten su periodo")} y se sumaron.`,
    largest: (n, total) => `Se pronostican las ${n} series mayores de ${total}.`,
  },
);
