// WASI preview 1 with nothing granted: no files, no environment, no arguments. Clocks and random numbers work; output is log lines.

const SUCCESS = 0;
const BAD_FILE = 8;
const INVALID = 28;
const NOT_SUPPORTED = 52;

/** Bytes of a line of output that are kept. */
const LINE = 8 << 10;

/** Functions that a guest without files can only be refused. */
const OF_FILES = `fd_advise fd_allocate fd_close fd_datasync fd_fdstat_get fd_fdstat_set_flags fd_fdstat_set_rights fd_filestat_get
  fd_filestat_set_size fd_filestat_set_times fd_pread fd_prestat_get fd_prestat_dir_name fd_pwrite fd_read fd_readdir fd_renumber
  fd_seek fd_sync fd_tell path_create_directory path_filestat_get path_filestat_set_times path_link path_open path_readlink
  path_remove_directory path_rename path_symlink path_unlink_file`.split(/\s+/);
const UNSUPPORTED = "poll_oneoff proc_raise sock_accept sock_recv sock_send sock_shutdown".split(" ");

/** The functions of `wasi_snapshot_preview1`. An address outside of `memory` throws, which ends the guest's call. */
export function wasi(memory: () => WebAssembly.Memory, output: (line: string) => void): Record<string, unknown> {
  const view = () => new DataView(memory().buffer);
  const empty = (count: number, size: number) => {
    view().setUint32(count >>> 0, 0, true);
    view().setUint32(size >>> 0, 0, true);
    return SUCCESS;
  };
  const functions: Record<string, unknown> = {
    args_get: () => SUCCESS,
    args_sizes_get: empty,
    environ_get: () => SUCCESS,
    environ_sizes_get: empty,
    clock_res_get: (_: number, at: number) => (view().setBigUint64(at >>> 0, 1_000_000n, true), SUCCESS),
    clock_time_get(id: number, _: bigint, at: number) {
      if (id !== 0 && id !== 1) return INVALID;
      const milliseconds = id === 0 ? Date.now() : performance.now();
      view().setBigUint64(at >>> 0, BigInt(Math.round(milliseconds * 1e6)), true);
      return SUCCESS;
    },
    random_get(at: number, len: number) {
      const bytes = new Uint8Array(memory().buffer, at >>> 0, len >>> 0);
      // One request may be for 64 KiB.
      for (let from = 0; from < bytes.length; from += 65_536) crypto.getRandomValues(bytes.subarray(from, from + 65_536));
      return SUCCESS;
    },
    fd_write(fd: number, vectors: number, count: number, written: number) {
      if (fd !== 1 && fd !== 2) return BAD_FILE;
      let [total, text] = [0, ""];
      const decoder = new TextDecoder();
      for (let index = 0; index < count >>> 0; index += 1) {
        const at = view().getUint32((vectors >>> 0) + 8 * index, true);
        const len = view().getUint32((vectors >>> 0) + 8 * index + 4, true);
        const bytes = new Uint8Array(memory().buffer, at, len);
        total += len;
        if (text.length < LINE) text += decoder.decode(bytes.subarray(0, LINE), { stream: true });
      }
      view().setUint32(written >>> 0, total, true);
      const line = text.slice(0, LINE).trimEnd();
      if (line) output(line);
      return SUCCESS;
    },
    proc_exit(code: number) {
      throw new Error(`the guest ended itself with code ${code}`);
    },
    sched_yield: () => SUCCESS,
  };
  for (const name of OF_FILES) functions[name] = () => BAD_FILE;
  for (const name of UNSUPPORTED) functions[name] = () => NOT_SUPPORTED;
  return functions;
}
