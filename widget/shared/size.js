/* SPDX-License-Identifier: MIT */
// Sizes of files as people read them.

/** "34 KB" */
export function fileSize(bytes) {
  return bytes < 1024 ? `${bytes} B` : `${Math.round(bytes / 1024)} KB`;
}
