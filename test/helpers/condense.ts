import {spawnSync} from 'node:child_process';
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';

/** Runs the node program's `condense` on files, all in one shell, as dash would. */
export function condenseAll(files: readonly Uint8Array[], options: readonly string[]): Uint8Array[] {
  const folder = mkdtempSync(path.join(tmpdir(), 'reprieve-condense-'));
  try {
    for (const [index, bytes] of files.entries()) writeFileSync(path.join(folder, `${index}`), bytes);
    const loop = `. ./source/node/condense.sh
i=0
while [ "$i" -lt ${files.length} ]; do
  condense "${folder}/$i" ${options.join(' ')} >"${folder}/$i.out" || exit 9
  i=$((i + 1))
done
cd "${folder}" && cat -- $(seq -f '%g.out' 0 ${files.length - 1}) && wc -c -- $(seq -f '%g.out' 0 ${files.length - 1}) >&2`;
    const result = spawnSync('dash', ['-c', loop], {maxBuffer: 1 << 30});
    if (result.status !== 0) throw new Error(`condense failed: ${result.stderr.toString()}`);
    const sizes = result.stderr
      .toString()
      .trim()
      .split('\n')
      .slice(0, files.length)
      .map((row) => Number(row.trim().split(' ')[0]));
    let start = 0;
    return sizes.map((size) => new Uint8Array(result.stdout.subarray(start, (start += size))));
  } finally {
    rmSync(folder, {recursive: true});
  }
}
