import { catalogue } from "@/i18n/catalogue";

export const useQaText = catalogue(
  {
    title: "Ask this dashboard",
    question: "Your question",
    placeholder: "Which region grew fastest last month?",
    ask: "Ask",
    intro:
      "Answers are computed from the rows that the tiles show now. No query runs; what the rows cannot say is refused.",
    thinking: "Reading the rows…",
    answers: "Questions and answers",
    from: "From",
    showTile: (title: string) => `Show the tile ${title}`,
    further: "Ask next",
    suggested: (words: string) => `Did you mean ${words}?`,
    refused: "Not answered",
    refresh: "Refresh the dashboard",
    clear: "Clear",
  },
  {
    title: "Preguntar al panel",
    question: "Su pregunta",
    placeholder: "¿Qué región creció más el último mes?",
    ask: "Preguntar",
    intro:
      "Las respuestas se calculan con las filas que muestran ahora los paneles. No se lanza ninguna consulta; lo que las filas no dicen se rechaza.",
    thinking: "Leyendo las filas…",
    answers: "Preguntas y respuestas",
    from: "De",
    showTile: (title) => `Mostrar el panel ${title}`,
    further: "Pregunte también",
    suggested: (words) => `¿Quería decir ${words}?`,
    refused: "Sin respuesta",
    refresh: "Actualizar el panel",
    clear: "Borrar",
  },
);
