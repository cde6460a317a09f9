/** Sending a file, with real progress: fetch cannot tell how much has left, XMLHttpRequest can. */
import { errorOf, OfflineError } from "./client";
import type { UploadResult } from "./types";

export interface UploadFields {
  file: File;
  datasource_id?: string;
  name?: string;
  table?: string;
}

export interface Upload {
  done: Promise<UploadResult>;
  cancel: () => void;
}

/** `onProgress` gets the bytes that have left. Rejects with ApiError, OfflineError or an AbortError. */
export function uploadFile(fields: UploadFields, onProgress: (sent: number) => void): Upload {
  const form = new FormData();
  // The fields first: the server reads the form as it arrives, and wants to know the target before the file.
  for (const name of ["datasource_id", "name", "table"] as const) {
    const value = fields[name];
    if (value) form.set(name, value);
  }
  form.set("file", fields.file);

  const request = new XMLHttpRequest();
  const done = new Promise<UploadResult>((resolve, reject) => {
    request.upload.onprogress = (event) => onProgress(event.loaded);
    request.onload = () => {
      if (request.status >= 200 && request.status < 300)
        resolve(JSON.parse(request.responseText) as UploadResult);
      else reject(errorOf(request.status, request.responseText));
    };
    request.onerror = () => reject(new OfflineError());
    request.onabort = () => reject(new DOMException("The upload was cancelled.", "AbortError"));
    request.open("POST", "/api/datasources/upload");
    request.setRequestHeader("Accept", "application/json");
    request.send(form);
  });
  return { done, cancel: () => request.abort() };
}
