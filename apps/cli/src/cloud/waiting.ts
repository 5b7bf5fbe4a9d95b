import ora from 'ora';

/** Says what is going on while the cloud starts: a spinner on a terminal, nothing elsewhere. */
export async function whileWaiting<T>(first: string, work: (onProgress: (step: string) => void) => Promise<T>): Promise<T> {
  const spinner = ora({ text: first, stream: process.stderr, isSilent: !process.stderr.isTTY, discardStdin: false }).start();
  try {
    return await work((step) => (spinner.text = `${step} …`));
  } finally {
    spinner.stop();
  }
}
