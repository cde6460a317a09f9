/** When the server takes a snapshot by itself: a few usual times, or a cron expression. */

import { Button, Select, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { dashboardChanged, updateDashboard } from "@/api/queries/dashboards";
import type { Dashboard } from "@/api/types";
import { useCommon } from "@/i18n/common";
import { toast, toastError } from "@/ui/toast";
import { type Choice, choiceOf, isCron, PRESETS, scheduleOf, withSchedule } from "./schedule";
import classes from "./sharing.module.css";
import { useSharingText } from "./text";

const CHOICES: Choice[] = ["none", "hourly", "daily", "weekdays", "weekly", "monthly", "custom"];

export function SchedulePicker({ dashboard }: { dashboard: Dashboard }) {
  const common = useCommon();
  const t = useSharingText();
  const client = useQueryClient();
  const schedule = scheduleOf(dashboard.settings);
  const [choice, setChoice] = useState(() => choiceOf(schedule));
  const [cron, setCron] = useState(schedule?.cron ?? PRESETS.weekdays);
  const save = useMutation({
    mutationFn: (wanted: string | null) =>
      updateDashboard(
        dashboard.id,
        { settings: withSchedule(dashboard.settings, wanted) },
        dashboard.version,
      ),
    onSuccess: () => {
      toast({ message: t.scheduleSaved, kind: "good" });
      return dashboardChanged(client);
    },
    onError: (error) => {
      toastError(error);
      setChoice(choiceOf(schedule));
      return dashboardChanged(client);
    },
  });
  const choose = (next: Choice) => {
    setChoice(next);
    if (next !== "custom") save.mutate(next === "none" ? null : PRESETS[next]);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isCron(cron)) save.mutate(cron);
  };
  const isBad = cron.trim() !== "" && !isCron(cron);
  return (
    <form onSubmit={submit} className={classes.schedule}>
      <Select
        label={t.schedule}
        description={t.scheduleZone(schedule?.time_zone ?? dashboard.time_zone)}
        data={CHOICES.map((value) => ({ value, label: t.schedules[value] }))}
        value={choice}
        onChange={(value) => value && choose(value as Choice)}
        allowDeselect={false}
        disabled={save.isPending}
      />
      {choice === "custom" && (
        <div className={classes.cron}>
          <TextInput
            label={t.cron}
            value={cron}
            onChange={(event) => setCron(event.currentTarget.value)}
            error={isBad && t.cronBad}
            maxLength={100}
            spellCheck={false}
          />
          <Button type="submit" variant="default" disabled={!isCron(cron)} loading={save.isPending}>
            {common.save}
          </Button>
        </div>
      )}
    </form>
  );
}
