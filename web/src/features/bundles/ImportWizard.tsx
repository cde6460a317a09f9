/** From a file to a dashboard: choose it, say which datasources take the place of its own, name it. */

import { Modal } from "@mantine/core";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { type Mapping, preflightQuery } from "@/api/queries/bundles";
import type { Dashboard } from "@/api/types";
import { useMedia } from "@/lib/hooks";
import { newId } from "@/lib/ids";
import { type BundleFile, mappingOf } from "./bundle";
import classes from "./bundles.module.css";
import { FileStep } from "./FileStep";
import { Findings } from "./Findings";
import { FinishStep } from "./FinishStep";
import { SourcesStep } from "./SourcesStep";
import { useBundlesText } from "./text";

interface Props {
  onClose: () => void;
  onDone: (dashboard: Dashboard) => void;
  /** The dashboard that the file takes the place of; absent: the person chooses. */
  target?: Pick<Dashboard, "id" | "name">;
  workspaceId?: string;
}

const PHONE = "(max-width: 48em)";

export function ImportWizard({ onClose, onDone, target, workspaceId }: Props) {
  const t = useBundlesText();
  const isPhone = useMedia(PHONE);
  const [step, setStep] = useState(0);
  const [file, setFile] = useState<BundleFile & { key: string }>();
  const [chosen, setChosen] = useState<Mapping>({});
  const first = useQuery({
    ...preflightQuery(file?.key ?? "", file?.bundle, {}),
    enabled: file !== undefined,
  });
  const mapping = first.data ? mappingOf(first.data, chosen) : {};
  const isMapping = first.data !== undefined && Object.keys(mapping).length > 0;
  const mapped = useQuery({
    ...preflightQuery(file?.key ?? "", file?.bundle, mapping),
    enabled: isMapping,
    placeholderData: keepPreviousData,
  });
  const preflight = (isMapping ? mapped.data : undefined) ?? first.data;

  const open = (next: BundleFile) => {
    setFile({ ...next, key: newId() });
    setChosen({});
    setStep(0);
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={target ? t.updateTitle(target.name) : t.importTitle}
      size={680}
      fullScreen={isPhone}
      radius={isPhone ? 0 : undefined}
    >
      <ol className={classes.steps}>
        {[t.file, t.check, t.finish].map((name, at) => (
          <li key={name} aria-current={at === step ? "step" : undefined}>
            {name}
          </li>
        ))}
      </ol>
      {step === 0 && (
        <FileStep
          file={file}
          preflight={first.data}
          error={first.error}
          isChecking={first.isFetching}
          onFile={open}
          onNext={() => setStep(1)}
        />
      )}
      {step === 1 && preflight && (
        <SourcesStep
          preflight={preflight}
          mapping={mapping}
          isChecking={mapped.isFetching}
          error={mapped.error}
          onMap={(ref, id) => setChosen({ ...chosen, [ref]: id })}
          onBack={() => setStep(0)}
          onNext={() => setStep(2)}
        >
          <Findings preflight={preflight} isChecking={mapped.isFetching} />
        </SourcesStep>
      )}
      {step === 2 && preflight && file && (
        <FinishStep
          bundle={file.bundle}
          name={preflight.name}
          mapping={mapping}
          target={target}
          workspaceId={workspaceId}
          onBack={() => setStep(1)}
          onDone={onDone}
        />
      )}
    </Modal>
  );
}
