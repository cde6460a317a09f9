/** A click in a legend shows that series alone; on the only one shown, or twice, all return. */
import type { Engine } from "./engine";

type Instance = ReturnType<Engine["init"]>;

/** Listens on `chart`; returns the function that stops. */
export function followLegend(chart: Instance): () => void {
  let alone: string | undefined;
  const follow = (event: unknown) => {
    const { name, selected } = event as { name: string; selected: Record<string, boolean> };
    if (alone === name) {
      alone = undefined;
      chart.dispatchAction({ type: "legendAllSelect" });
      return;
    }
    alone = name;
    for (const other of Object.keys(selected))
      chart.dispatchAction({ type: other === name ? "legendSelect" : "legendUnSelect", name: other });
  };
  chart.on("legendselectchanged", follow);
  return () => {
    chart.off("legendselectchanged", follow);
  };
}
